# Installs the npm packages that tests use, as tests/pipelines/stores/package-lock.json pins them:
# `install_npm_modules BUILD_DIR`. Does nothing when they are there. Meant to be sourced after
# packages.sh.

install_npm_modules() {
  lock=tests/pipelines/stores/package-lock.json
  folder=$1/npm
  if cmp -s "$lock" "$folder/installed.json"; then
    echo "npm: all there"
    return 0
  fi
  # A Node.js that does not come from Debian brings an npm of its own.
  command -v npm >/dev/null || install_packages npm
  mkdir -p "$folder"
  cp tests/pipelines/stores/package.json "$lock" "$folder/"
  (cd "$folder" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
  cp "$lock" "$folder/installed.json"
}
