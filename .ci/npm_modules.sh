# Installs the npm packages that tests and benchmarks use, as package-lock.json beside them pins them:
# `install_npm_modules BUILD_DIR`. Does nothing when they are there. Meant to be sourced after
# packages.sh.

install_npm_modules() {
  install_locked_modules tests/pipelines/stores "$1/npm" &&
    install_locked_modules tests/pipelines/cluster "$1/npm-cluster" &&
    install_locked_modules tests/pipelines/ffmpeg "$1/npm-ffmpeg" &&
    install_locked_modules tests/bench "$1/npm-bench"
}

# install_locked_modules FOLDER_OF_LOCK TARGET
install_locked_modules() {
  lock=$1/package-lock.json
  if cmp -s "$lock" "$2/installed.json"; then
    echo "npm: all of $1 there"
    return 0
  fi
  # A Node.js that does not come from Debian brings an npm of its own.
  command -v npm >/dev/null || install_packages npm
  mkdir -p "$2"
  cp "$1/package.json" "$lock" "$2/"
  (cd "$2" && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error) || return 1
  cp "$lock" "$2/installed.json"
}
