# The compiler for the STM32F405: a Cortex-M4 with a floating-point unit of single precision.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR cortex-m4)
# Nothing can be linked before there is a memory map.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
foreach(tool arm-none-eabi-gcc qemu-system-arm)
  find_program(found_${tool} ${tool})
  if(NOT found_${tool})
    message(FATAL_ERROR "${tool} is missing. On Debian: "
                        "apt-get install gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm")
  endif()
endforeach()
set(CMAKE_C_COMPILER ${found_arm-none-eabi-gcc})
set(CMAKE_ASM_COMPILER ${found_arm-none-eabi-gcc})
set(machine "-mcpu=cortex-m4 -mthumb -mfpu=fpv4-sp-d16 -mfloat-abi=hard")
set(CMAKE_C_FLAGS_INIT "${machine} -ffunction-sections -fdata-sections")
set(CMAKE_ASM_FLAGS_INIT "${machine}")
