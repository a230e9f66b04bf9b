//! An image's size, read from its header. Nothing is decoded.

/// Width and height in pixels, neither zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Dimensions {
    pub(crate) width_px: u32,
    pub(crate) height_px: u32,
}

impl Dimensions {
    fn new(width_px: u32, height_px: u32) -> Option<Dimensions> {
        // PNG allows 2^31 - 1 at most, and so does the table's column.
        let sound = |edge: u32| edge > 0 && i32::try_from(edge).is_ok();
        (sound(width_px) && sound(height_px)).then_some(Dimensions { width_px, height_px })
    }
}

/// The size in a PNG's first chunk; `None` when that is not there or makes no sense.
pub(crate) fn of_png(head: &[u8]) -> Option<Dimensions> {
    let rest = head.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let (width, rest) = rest.split_first_chunk::<4>()?;
    let (height, _) = rest.split_first_chunk::<4>()?;
    Dimensions::new(u32::from_be_bytes(*width), u32::from_be_bytes(*height))
}

/// The size in a JPEG's frame header; `None` when there is none within `head`.
pub(crate) fn of_jpeg(head: &[u8]) -> Option<Dimensions> {
    let mut rest = head.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        rest = rest.strip_prefix(&[0xFF])?;
        let (&marker, behind) = rest.split_first()?;
        match marker {
            // Any number of fill bytes may stand before a marker.
            0xFF => {}
            // Markers without a segment.
            0x01 | 0xD0..=0xD7 => rest = behind,
            // The picture's data or its end, before any frame header.
            0x00 | 0xD8 | 0xD9 | 0xDA => return None,
            // Frame headers; C4, C8 and CC have other meanings.
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => return of_frame(behind),
            _ => rest = skip_segment(behind)?,
        }
    }
}

/// What follows the segment whose length stands at the beginning.
fn skip_segment(segment: &[u8]) -> Option<&[u8]> {
    let (length, _) = segment.split_first_chunk::<2>()?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return None;
    }
    segment.get(length..)
}

/// Length (2 bytes), precision (1), height (2), width (2).
fn of_frame(segment: &[u8]) -> Option<Dimensions> {
    let (&[_, _, _, h0, h1, w0, w1], _) = segment.split_first_chunk::<7>()?;
    let (height, width) = (u16::from_be_bytes([h0, h1]), u16::from_be_bytes([w0, w1]));
    Dimensions::new(width.into(), height.into())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A JPEG's beginning with some metadata and fill bytes before the frame header.
    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8];
        bytes.extend([0xFF, 0xE0, 0, 6, 1, 2, 3, 4]);
        bytes.extend([0xFF, 0xC4, 0, 3, 9]);
        bytes.extend([0xFF, 0xFF, 0xC2, 0, 11, 8]);
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes
    }

    #[test]
    fn a_jpegs_size_stands_behind_its_metadata() {
        let size = Dimensions { width_px: 4032, height_px: 3024 };
        assert_eq!(of_jpeg(&jpeg(4032, 3024)), Some(size));
    }

    #[test]
    fn an_image_without_extent_is_none() {
        assert_eq!(of_jpeg(&jpeg(0, 3024)), None);
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\x01";
        assert_eq!(of_png(png), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_fail(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let with = |start: &[u8]| [start, bytes.as_slice()].concat();
            let _any = of_jpeg(&with(&[0xFF, 0xD8]));
            let _any = of_png(&with(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
        }

        #[test]
        fn a_cut_off_jpeg_has_no_size(cut in 0usize..20) {
            let bytes = jpeg(10, 10);
            prop_assume!(cut < bytes.len());
            prop_assert_eq!(of_jpeg(bytes.get(..cut).unwrap()), None);
        }
    }
}
