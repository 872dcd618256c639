# WAMR from its sources in WAMR_SOURCES, as little of it as runs the guests: the library `wamr`. Who includes this says before on
# which platform, and which of the interpreters (WAMR_BUILD_FAST_INTERP).
set(WAMR_BUILD_INTERP 1)
set(WAMR_BUILD_AOT 0)
set(WAMR_BUILD_LIBC_BUILTIN 0)
set(WAMR_BUILD_LIBC_WASI 0)
set(WAMR_BUILD_SIMD 0)
set(WAMR_BUILD_BULK_MEMORY 1)
set(WAMR_BUILD_REF_TYPES 0)
# So that a guest that loops ends as `timeout`, and not with the process.
set(WAMR_BUILD_INSTRUCTION_METERING 1)
# Checks in the interpreter instead of guard pages and a handler for SIGSEGV, which belongs to the sanitizers.
set(WAMR_DISABLE_HW_BOUND_CHECK 1)
set(WAMR_ROOT_DIR ${WAMR_SOURCES})
include(${WAMR_ROOT_DIR}/build-scripts/runtime_lib.cmake)
add_library(wamr STATIC ${WAMR_RUNTIME_LIB_SOURCE})
target_include_directories(wamr SYSTEM INTERFACE ${WAMR_ROOT_DIR}/core/iwasm/include)
