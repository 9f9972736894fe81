# Libraries of Debian 12, each as an imported target whose headers count as system headers.
find_package(PkgConfig REQUIRED)
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
foreach(lib libzmq libpq libuv libprotobuf-c check libcurl jansson libmicrohttpd libsodium yaml-0.1 zlib libical)
  string(REGEX REPLACE "^lib|-[0-9.]+$" "" name "${lib}")
  string(REPLACE "-" "_" name "${name}")
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${lib})
  # CMake takes "-isystem DIR" of a library for a directory at the first configuration, and for options when its results come from the
  # cache: other commands, so that the second configuration would build nearly everything anew.
  get_target_property(options PkgConfig::${name} INTERFACE_COMPILE_OPTIONS)
  if(options MATCHES "(^|;)-isystem;([^;]+)")
    target_include_directories(PkgConfig::${name} INTERFACE "${CMAKE_MATCH_2}")
    string(REGEX REPLACE "(^|;)-isystem;[^;]+" "" options "${options}")
    set_target_properties(PkgConfig::${name} PROPERTIES INTERFACE_COMPILE_OPTIONS "${options}")
  endif()
endforeach()
