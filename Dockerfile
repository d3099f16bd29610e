# One image for every service: which one it is, the command says.
#
#   docker build -t thereview .
#   docker run --rm thereview src/services/relay.ts

FROM node:26.10.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that a service needs has an install script; nothing else is run as root at build time.
RUN npm ci --omit=dev --ignore-scripts --no-update-notifier

FROM node:26.10.0-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json ./
COPY migrations ./migrations
COPY src ./src
USER node
ENTRYPOINT ["node"]
CMD ["src/services/api.ts"]
