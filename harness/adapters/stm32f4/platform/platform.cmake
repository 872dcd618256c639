# The platform for WAMR's own build script, which includes this file.
include_directories(${CMAKE_CURRENT_LIST_DIR} ${WAMR_SOURCES}/core/shared/platform/include)
set(PLATFORM_SHARED_SOURCE ${CMAKE_CURRENT_LIST_DIR}/platform.c)
