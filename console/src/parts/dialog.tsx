import { Drawer, Modal, type ModalRootProps } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dialog.module.css'

interface DialogProps {
  readonly opened: boolean
  readonly onClose: () => void
  readonly title: ReactNode
  readonly size?: ModalRootProps['size']
  readonly children: ReactNode
}

/** A dialog in the middle. Its content is made anew each time, so that nothing of the last time is left in it. */
export function Dialog({ opened, onClose, title, size = 'md', children }: DialogProps) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={size} radius="lg">
      <Modal.Overlay blur={2} />
      <Modal.Content>
        <div className={classes.head}>
          <Modal.Title className={classes.title}>{title}</Modal.Title>
          <Modal.CloseButton aria-label="Close" />
        </div>
        <Modal.Body>{opened && children}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

/** A sheet at the side, for one of the things that the page lists. */
export function Sheet({ opened, onClose, title, children }: Omit<DialogProps, 'size'>) {
  return (
    <Drawer.Root opened={opened} onClose={onClose} position="right" size="xl">
      <Drawer.Overlay />
      <Drawer.Content>
        <div className={classes.head}>
          <Drawer.Title className={classes.title}>{title}</Drawer.Title>
          <Drawer.CloseButton aria-label="Close" />
        </div>
        <Drawer.Body>{opened && children}</Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}
