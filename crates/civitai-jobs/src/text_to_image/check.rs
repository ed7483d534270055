//! The check before anything is sent: all that is wrong, at once.

use civitai_api::v1::limits::{IMAGE_JOB_PARAMS, TEXT_TO_IMAGE_JOB_REQUEST};
use civitai_api::{Limits, Range};

use super::TextToImage;
use crate::error::FieldProblems;

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
        let params = &IMAGE_JOB_PARAMS;
        for (field, side) in [("width", self.width), ("height", self.height)] {
            if let Some(range) = range(params, field)
                && (!range.contains(side.into()) || side % GRID != 0)
            {
                let what = format!("must be a multiple of {GRID} {range} pixels; it is {side}");
                problems.add(field, what);
            }
        }
        let steps = self.steps.map(f64::from);
        within(&mut problems, params, "steps", steps);
        within(&mut problems, params, "cfgScale", self.cfg_scale);
        // Every seed near the limits is a float, too.
        let seed = self.seed.map(|seed| seed as f64);
        within(&mut problems, params, "seed", seed);
        let quantity = Some(self.quantity.into());
        within(
            &mut problems,
            &TEXT_TO_IMAGE_JOB_REQUEST,
            "quantity",
            quantity,
        );
        problems.into_result()
    }
}

/// What the contract allows for a member.
fn range(limits: &Limits, field: &str) -> Option<Range> {
    limits.member(field)?.rule().range()
}

/// A NaN is in no range.
fn within(problems: &mut FieldProblems, limits: &Limits, field: &str, value: Option<f64>) {
    if let (Some(range), Some(value)) = (range(limits, field), value)
        && !range.contains(value)
    {
        problems.add(field, format!("must be {range}; it is {value}"));
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
