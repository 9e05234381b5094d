# syntax=docker/dockerfile:1
FROM node:24.21.0-slim AS build
WORKDIR /app
COPY package.json package-lock.json LICENSE ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY web ./web
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /data
COPY --from=build /app/package.json /app/LICENSE* /app/
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/dist /app/dist
COPY examples /app/examples
RUN ln -s /app/dist/cli/bin.js /usr/local/bin/millrace && chmod 755 /app/dist/cli/bin.js && chown node:node /data
USER node
VOLUME /data
EXPOSE 8431 8432
# SIGTERM drains: node has to be the process that gets it, without a shell or npm in between.
ENTRYPOINT ["node", "/app/dist/cli/bin.js"]
CMD ["--help"]
