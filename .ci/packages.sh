# Installs the Debian packages of a purpose: `install_packages build` to build the plugins,
# `install_packages run` to run what was built elsewhere, `install_packages tests` for what the
# tests need beyond the build, `install_packages npm` where there is no npm. Does nothing when all are there.
# Meant to be sourced.

# Compilers, libraries and the GStreamer plugins that decode the usual inputs. dpkg-dev tells meson
# where Debian has its libraries: without it plugins are installed where GStreamer does not look.
build_packages="
  g++ dpkg-dev meson ninja-build pkg-config ccache
  libgstreamer1.0-dev libgstreamer-plugins-base1.0-dev
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
  libwebp-dev libgif-dev nlohmann-json3-dev libssl-dev libcurl4-openssl-dev
  libmicrohttpd-dev libsqlite3-dev"

# What the plugins and tools link, the GStreamer plugins, and certificates for HTTPS.
run_packages="
  gstreamer1.0-tools gstreamer1.0-plugins-base gstreamer1.0-plugins-good
  gstreamer1.0-plugins-bad gstreamer1.0-plugins-ugly gstreamer1.0-libav
  libwebp7 libgif7 libssl3 libcurl4 libmicrohttpd12 libsqlite3-0 ca-certificates"

# Test framework and tools, and the decoders, servers and peers that results are held against.
tests_packages="
  git chromium doctest-dev clang libclang-rt-dev clang-format clang-tidy libgstreamer-plugins-bad1.0-dev
  ffmpeg gifsicle webp nginx-light libnginx-mod-rtmp python3 python3-gi python3-numpy python3-pil
  fonts-dejavu-core gir1.2-gstreamer-1.0 gir1.2-gst-plugins-base-1.0 gir1.2-gst-rtsp-server-1.0
  valgrind slurm-wlm munge"

missing_packages() {
  for package in "$@"; do
    status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$status" = "install ok installed" ] || printf '%s ' "$package"
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "error: installing packages needs root or sudo; missing: $*" >&2
    return 1
  fi
}

install_packages() {
  case $1 in
    build) wanted=$build_packages ;;
    tests) wanted="$build_packages $tests_packages" ;;
    run) wanted=$run_packages ;;
    npm) wanted="nodejs npm" ;;
  esac
  # shellcheck disable=SC2086 # the lists are words
  missing=$(missing_packages $wanted)
  if [ -z "$missing" ]; then
    echo "packages: all there"
    return 0
  fi
  echo "packages: installing $missing"
  as_root apt-get update -qq
  # shellcheck disable=SC2086
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -qq -y --no-install-recommends $missing >/dev/null
}
