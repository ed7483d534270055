//! What a job costs.

use super::template::Template;

/// The price in hundredths: 1 Buzz for an image of 512 by 512 pixels and 30 steps, in proportion to
/// pixels and steps, rounded up; 0 for jobs that draw nothing.
pub(crate) fn price(template: &Template) -> u64 {
    let Some(picture) = &template.picture else {
        return 0;
    };
    let pixels = u64::from(picture.width) * u64::from(picture.height);
    let each = (pixels * u64::from(picture.steps) * 100).div_ceil(512 * 512 * 30);
    each * u64::from(template.quantity)
}
