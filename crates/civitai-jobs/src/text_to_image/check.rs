//! The check before anything is sent: all that is wrong, at once.

use std::fmt::Display;
use std::ops::RangeInclusive;

use super::TextToImage;
use crate::error::FieldProblems;
use crate::limits;

/// Sides must be a multiple of this many pixels: models draw on a grid that coarse. The contract
/// does not say so; the service's guides do.
const GRID: u32 = 8;

impl TextToImage {
    /// Checks every field against the limits of the contract.
    ///
    /// # Errors
    ///
    /// All fields at fault, in the order of the fields, each with what is expected.
    pub fn check(&self) -> Result<(), FieldProblems> {
        let mut problems = FieldProblems::default();
        if self.prompt.trim().is_empty() {
            problems.add("prompt", "must say what the image is to show; it is empty");
        }
        for (field, side, range) in [
            ("width", self.width, limits::WIDTH),
            ("height", self.height, limits::HEIGHT),
        ] {
            if !range.contains(&side) || side % GRID != 0 {
                let (least, most) = range.into_inner();
                let what = format!(
                    "must be a multiple of {GRID} from {least} to {most} pixels; it is {side}"
                );
                problems.add(field, what);
            }
        }
        within(&mut problems, "steps", self.steps, &limits::STEPS);
        // A NaN is in no range.
        within(
            &mut problems,
            "cfgScale",
            self.cfg_scale,
            &limits::CFG_SCALE,
        );
        within(&mut problems, "seed", self.seed, &limits::SEED);
        within(
            &mut problems,
            "quantity",
            Some(self.quantity),
            &limits::QUANTITY,
        );
        problems.into_result()
    }
}

fn within<T: PartialOrd + Display>(
    problems: &mut FieldProblems,
    field: &str,
    value: Option<T>,
    range: &RangeInclusive<T>,
) {
    if let Some(value) = value.filter(|value| !range.contains(value)) {
        let (least, most) = (range.start(), range.end());
        let what = format!("must be from {least} to {most}; it is {value}");
        problems.add(field, what);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Air, Problem};

    fn request() -> TextToImage {
        let model = Air::civitai("sd1", "checkpoint", 4384, 128_713).unwrap();
        TextToImage::new(model, "a lighthouse in fog")
    }

    #[test]
    fn each_limit_holds_on_both_sides() {
        let r = request;
        for (request, wrong) in [
            (r(), ""),
            (r().size(64, 2048).steps(1).cfg_scale(1.0).seed(-1), ""),
            (r().steps(150).cfg_scale(30.0).seed(4_294_967_295), ""),
            (r().quantity(100), ""),
            (TextToImage::new(r().model, ""), "prompt"),
            (TextToImage::new(r().model, " \n\t"), "prompt"),
            (r().size(56, 512), "width"),
            (r().size(2056, 512), "width"),
            (r().size(513, 512), "width"),
            (r().size(512, 0), "height"),
            (r().size(512, u32::MAX), "height"),
            (r().steps(0), "steps"),
            (r().steps(151), "steps"),
            (r().cfg_scale(0.9), "cfgScale"),
            (r().cfg_scale(30.1), "cfgScale"),
            (r().cfg_scale(f64::NAN), "cfgScale"),
            (r().cfg_scale(f64::INFINITY), "cfgScale"),
            (r().seed(-2), "seed"),
            (r().seed(4_294_967_296), "seed"),
            (r().quantity(0), "quantity"),
            (r().quantity(101), "quantity"),
        ] {
            let problems = request.check().err().unwrap_or_default();
            let fields: Vec<_> = problems.iter().map(Problem::field).collect();
            assert_eq!(fields.join(","), wrong, "{request:?}");
        }
    }

    #[test]
    fn all_problems_come_back_together() {
        let problems = TextToImage::new(request().model, "")
            .size(1, 1)
            .steps(0)
            .cfg_scale(0.0)
            .seed(-9)
            .quantity(0)
            .check()
            .unwrap_err();
        assert_eq!(problems.iter().count(), 7);
        let text = problems.to_string();
        assert!(text.starts_with("prompt must say"), "{text}");
        assert!(
            text.contains("; quantity must be from 1 to 100; it is 0"),
            "{text}"
        );
    }
}
