/* Under the name by which programs include it that do not ask pkg-config. */
#include "../libusb.h"
