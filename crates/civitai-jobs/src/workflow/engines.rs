//! The variants of every union that an input holds, so that none has to be boxed by hand.

#[cfg(feature = "audio")]
mod audio;
#[cfg(feature = "image")]
mod image;
#[cfg(feature = "image")]
mod image_tools;
#[cfg(feature = "media")]
mod media;
#[cfg(feature = "text")]
mod text;
#[cfg(feature = "training")]
mod training;
#[cfg(feature = "video")]
mod video;

/// Lists the variants of unions, by name and by the type that each holds.
macro_rules! unions {
    ($($union:ident { $($variant:ident($holds:ident),)* })*) => {
        $($(impl super::super::Variant for super::super::types::$holds {
            type Union = super::super::types::$union;

            fn into_union(self) -> Self::Union {
                super::super::types::$union::$variant(Box::new(self))
            }
        })*)*

        /// The types that the variants hold.
        #[cfg(all(test, feature = "full"))]
        pub(super) const HOLDS: &[&str] = &[$($(stringify!($holds),)*)*];
    };
}

use unions;

#[cfg(all(test, feature = "full"))]
mod tests {
    use std::collections::BTreeSet;

    use civitai_api::Limits;
    use civitai_api::v2::limits;

    use super::*;

    #[test]
    fn every_variant_of_the_contract_becomes_its_union() {
        let mut wanted = BTreeSet::new();
        for root in [
            &limits::CHAT_COMPLETION_MESSAGE,
            &limits::IMAGE_GEN_INPUT,
            &limits::IMAGE_OUTPUT_FORMAT,
            &limits::IMAGE_RESOURCE_TRAINING_INPUT,
            &limits::IMAGE_TO_SVG_INPUT,
            &limits::IMAGE_TRANSFORM,
            &limits::MEDIA_TRANSFORMER,
            &limits::POLY_GEN_INPUT,
            &limits::PREPROCESS_IMAGE_INPUT,
            &limits::SHIELDSTRAL_MODERATION_INPUT,
            &limits::TEXT_TO_SPEECH_INPUT,
            &limits::TRAINING_DATA,
            &limits::TRAINING_INPUT,
            &limits::VIDEO_GEN_INPUT,
            &limits::X_GUARD_MODERATION_INPUT,
        ] {
            below(root, &mut wanted);
        }
        let tables = [
            audio::HOLDS,
            image::HOLDS,
            image_tools::HOLDS,
            media::HOLDS,
            text::HOLDS,
            training::HOLDS,
            video::HOLDS,
        ];
        let held = tables.iter().copied().flatten();
        let held: BTreeSet<_> = held.map(|name| name.to_lowercase()).collect();
        assert_eq!(held, wanted);
    }

    /// The names of all variants below a union, as types are named: without marks.
    fn below(union: &Limits, found: &mut BTreeSet<String>) {
        for (_, variant) in union.variants() {
            let name = variant.schema().replace('_', "x");
            found.insert(name.to_lowercase());
            below(variant, found);
        }
    }
}
