//! The limits of the v1 contract, in one place; a test holds them against the contract itself.

use std::ops::RangeInclusive;

/// `ImageJobParams.width`, in pixels, from the v1 contract.
pub(crate) const WIDTH: RangeInclusive<u32> = 64..=2048;
/// `ImageJobParams.height`, in pixels, from the v1 contract.
pub(crate) const HEIGHT: RangeInclusive<u32> = 64..=2048;
/// `ImageJobParams.steps`, from the v1 contract.
pub(crate) const STEPS: RangeInclusive<u32> = 1..=150;
/// `ImageJobParams.cfgScale`, from the v1 contract.
pub(crate) const CFG_SCALE: RangeInclusive<f64> = 1.0..=30.0;
/// `ImageJobParams.seed`, from the v1 contract.
pub(crate) const SEED: RangeInclusive<i64> = -1..=4_294_967_295;
/// `TextToImageJobRequest.quantity`, from the v1 contract.
pub(crate) const QUANTITY: RangeInclusive<u32> = 1..=100;

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The contract's file on text to image.
    fn contract() -> Value {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../openapi/v1/schemas/text-to-image.yaml"
        );
        serde_saphyr::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
    }

    fn range<T: Into<f64> + Copy>(range: &RangeInclusive<T>) -> (f64, f64) {
        ((*range.start()).into(), (*range.end()).into())
    }

    #[test]
    fn every_limit_is_the_one_of_the_contract() {
        let contract = contract();
        let params = "/ImageJobParams/properties";
        #[allow(clippy::cast_precision_loss, reason = "seeds fit in 53 bits")]
        let seed = (*SEED.start() as f64, *SEED.end() as f64);
        for (pointer, ours) in [
            (format!("{params}/width"), range(&WIDTH)),
            (format!("{params}/height"), range(&HEIGHT)),
            (format!("{params}/steps"), range(&STEPS)),
            (format!("{params}/cfgScale"), range(&CFG_SCALE)),
            (format!("{params}/seed"), seed),
            (
                "/TextToImageJobRequest/allOf/1/properties/quantity".to_owned(),
                range(&QUANTITY),
            ),
        ] {
            let schema = contract.pointer(&pointer).unwrap();
            let limit = |name: &str| schema[name].as_f64().unwrap();
            assert_eq!((limit("minimum"), limit("maximum")), ours, "{pointer}");
        }
    }

    #[test]
    fn the_contract_has_no_limit_that_is_missing_here() {
        let contract = contract();
        let limited = |schema: &Value| {
            let members = schema.as_object().unwrap().iter();
            members
                .filter(|(_, schema)| {
                    ["minimum", "maximum", "minLength", "maxLength", "pattern"]
                        .iter()
                        .any(|limit| schema.get(limit).is_some())
                })
                .map(|(name, _)| name.clone())
                .collect::<Vec<_>>()
        };
        let mut params = limited(&contract["ImageJobParams"]["properties"]);
        params.sort();
        assert_eq!(params, ["cfgScale", "height", "seed", "steps", "width"]);
        let job = &contract["TextToImageJobRequest"]["allOf"][1]["properties"];
        assert_eq!(limited(job), ["quantity"]);
    }
}
