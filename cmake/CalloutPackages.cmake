# Libraries of Debian 12, each as an imported target whose headers count as system headers.
find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
foreach(lib libzmq libpq libuv libprotobuf-c check libcurl jansson libmicrohttpd libsodium yaml-0.1 zlib libical)
  string(REGEX REPLACE "^lib|-[0-9.]+$" "" name "${lib}")
  string(REPLACE "-" "_" name "${name}")
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${lib})
endforeach()
