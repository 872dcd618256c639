// SPDX-License-Identifier: GPL-2.0 OR MIT
/* SPI controllers. The board is asked for whole messages, as only it can show what chip select does in between. */
#include <linux/spi/spi.h>
#include "board.h"

/* Lives as long as the memory of its controller, which may be longer than the board does. */
struct whb_spi {
	struct whb_object object;
	struct spi_controller *controller;
	struct mutex lock;		/* of its board, which is NULL when it is gone */
};

static int whb_spi_transfer(struct spi_controller *controller, struct spi_message *msg)
{
	struct whb_spi *spi = spi_controller_get_devdata(controller);
	size_t i = 0, count = list_count_nodes(&msg->transfers);
	struct whb_part *parts = kvcalloc(count, sizeof(*parts), GFP_KERNEL);
	struct spi_transfer *xfer;

	list_for_each_entry(xfer, &msg->transfers, transfer_list) {
		if (!parts)
			break;
		parts[i].out = xfer->tx_buf;
		parts[i].in = xfer->rx_buf;
		parts[i++].segment = (struct whb_segment) {
			.len = xfer->len,
			.flags = (xfer->tx_buf ? WHB_SPI_WRITES : 0) |
				 (xfer->rx_buf ? WHB_SPI_READS : 0) |
				 (xfer->cs_change ? WHB_SPI_CS_CHANGE : 0),
			.speed_hz = xfer->speed_hz,
			.delay_ns = max(spi_delay_to_ns(&xfer->delay, xfer), 0),
			.word_delay_ns = max(spi_delay_to_ns(&xfer->word_delay, xfer), 0),
			.cs_inactive_ns = max(spi_delay_to_ns(&xfer->cs_change_delay, xfer), 0),
			.bits_per_word = xfer->bits_per_word,
			.tx_nbits = xfer->tx_nbits,
			.rx_nbits = xfer->rx_nbits,
		};
	}
	mutex_lock(&spi->lock);
	msg->status = !parts ? -ENOMEM :
		whb_ask(&spi->object, WHB_SPI_MESSAGE, (uintptr_t)msg->spi->controller_data,
			msg->spi->mode & SPI_MODE_USER_MASK, parts, count);
	msg->actual_length = msg->status ? 0 : msg->frame_length;
	mutex_unlock(&spi->lock);
	spi_finalize_current_message(controller);
	return 0;
}

/*
 * Who got hold of a device before it was gone may still be about to use it; and read(2) and write(2) of spidev, in Linux
 * 6.1, do not even hold on to it, so who is in the middle of one is waited for.
 */
static void whb_spi_removal(struct work_struct *work)
{
	struct whb_spi *spi = container_of(work, struct whb_spi, object.removal);
	struct whb_board *board = spi->object.board;

	mutex_lock(&spi->lock);
	spi->object.board = NULL;
	mutex_unlock(&spi->lock);
	spi_bus_lock(spi->controller);
	spi_bus_unlock(spi->controller);
	spi_unregister_controller(spi->controller);
	whb_put(board);
}

int whb_spi_add(struct whb_board *board, const struct whb_controller *as)
{
	/* One of the names that spidev takes; it has none for a device that is nothing in particular. */
	struct spi_board_info info = { .modalias = "dh2228fv" };
	struct spi_controller *controller;
	struct spi_device *device;
	struct whb_spi *spi;
	int error;

	if (!as->count || as->count > WHB_MAX_CHIP_SELECTS || as->mode_bits & ~SPI_MODE_USER_MASK)
		return -EINVAL;
	controller = __spi_alloc_controller(whb_device.this_device, sizeof(*spi), false);
	if (!controller)
		return -ENOMEM;
	controller->bus_num = -1;
	controller->num_chipselect = as->count;
	controller->mode_bits = as->mode_bits;
	controller->bits_per_word_mask = as->bits_per_word_mask ?: SPI_BPW_MASK(8);
	controller->min_speed_hz = as->min_hz;
	controller->max_speed_hz = as->max_hz;
	controller->transfer_one_message = whb_spi_transfer;
	spi = spi_controller_get_devdata(controller);
	spi->controller = controller;
	mutex_init(&spi->lock);
	whb_object_init(&spi->object, board, whb_spi_removal);
	error = spi_register_controller(controller);
	if (error) {
		spi_controller_put(controller);
		return error;
	}
	for (; info.chip_select < as->count; info.chip_select++) {
		info.mode = as->devices[info.chip_select].mode;
		info.max_speed_hz = as->devices[info.chip_select].max_hz;
		info.controller_data = (void *)(uintptr_t)info.chip_select;
		device = spi_new_device(controller, &info);
		if (!device || !device->dev.driver) {
			spi_unregister_controller(controller);
			return device ? -ENODEV : -EINVAL;
		}
	}
	return controller->bus_num;
}
