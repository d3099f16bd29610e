# One image for every service: which one it is, the command says.
#
#   docker build -t thereview .
#   docker run --rm thereview src/services/relay.ts --help

FROM node:26.10.0-trixie-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package that a service needs has an install script, so none is run.
RUN npm ci --omit=dev --ignore-scripts

FROM node:26.10.0-trixie-slim AS console
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
COPY console ./console
RUN npm ci --ignore-scripts --workspace console && npm run build --workspace console

FROM node:26.10.0-trixie-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=console /app/console/dist ./console/dist
COPY package.json ./
COPY migrations ./migrations
COPY src ./src
USER node
ENTRYPOINT ["node"]
CMD ["src/services/api.ts"]
