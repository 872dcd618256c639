# Sends and receives by pyusb, as any script would; what it prints is what the test compares.
import usb.core
import usb.util

device = usb.core.find(idVendor=0x1209, idProduct=0x0001)
print(f"{device.bus}-{device.address} port {device.port_numbers} speed {device.speed}")
interface = device[0][(0, 0)]
print("endpoints", [hex(endpoint.bEndpointAddress) for endpoint in interface])
usb.util.claim_interface(device, 0)
print("sent", device.write(0x02, b"\x0f\xd3", 1000))
print("received", bytes(device.read(0x81, 64, 1000)).hex(" "))
try:
    device.read(0x81, 64, 20)
except usb.core.USBTimeoutError:
    print("nothing more")
try:
    device.ctrl_transfer(0xC0, 0x7F, 0, 0, 8)
except usb.core.USBError as error:
    print("no such request:", error.backend_error_code)
print("status", bytes(device.ctrl_transfer(0x80, 0, 0, 0, 2)).hex(" "))
usb.util.dispose_resources(device)
