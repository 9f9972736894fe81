# Libraries of Debian 12, each as an imported target whose headers count as system headers.
find_package(PkgConfig REQUIRED)
foreach(lib libzmq libpq libuv libprotobuf-c check libcurl jansson libmicrohttpd libsodium libcyaml)
  string(REPLACE "lib" "" name "${lib}")
  string(REPLACE "-" "_" name "${name}")
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${lib})
endforeach()
