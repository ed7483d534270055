use proptest::prelude::*;
use proptest::{collection, option};

use super::{Air, AirPart, ParseAirError};

/// Ecosystem, type, source, id, version, file id, layer and format; `-` where there is none.
fn parts(air: &Air) -> String {
    let parts = [
        air.ecosystem(),
        air.kind(),
        Some(air.source()),
        air.id(),
        air.version(),
        air.file_id(),
        air.layer(),
        air.format(),
    ];
    parts.map(|part| part.unwrap_or("-")).join(" ")
}

#[test]
fn every_form_in_use_is_taken_apart_and_printed_unchanged() {
    for (text, expected) in [
        // The full form, with and without its prefix.
        (
            "urn:air:sdxl:checkpoint:civitai:827184@2514310",
            "sdxl checkpoint civitai 827184 2514310 - - -",
        ),
        ("air:sdxl:lora:civitai:1@2", "sdxl lora civitai 1 2 - - -"),
        ("urn:sdxl:lora:civitai:1@2", "sdxl lora civitai 1 2 - - -"),
        ("sdxl:lora:civitai:1@2", "sdxl lora civitai 1 2 - - -"),
        (
            "URN:AIR:sdxl:lora:civitai:1@2",
            "sdxl lora civitai 1 2 - - -",
        ),
        (
            "urn:air:sdxl:model:civitai:4201@130072",
            "sdxl model civitai 4201 130072 - - -",
        ),
        (
            "urn:air:sdxl:model:civitai:101055@128078",
            "sdxl model civitai 101055 128078 - - -",
        ),
        (
            "urn:air:sd1:model:civitai:2421@43533",
            "sd1 model civitai 2421 43533 - - -",
        ),
        (
            "urn:air:llm:model:civitai:7@9",
            "llm model civitai 7 9 - - -",
        ),
        (
            "other:upscaler:civitai:147759@164821",
            "other upscaler civitai 147759 164821 - - -",
        ),
        // Parts left out.
        ("civitai:120096@135931", "- - civitai 120096 135931 - - -"),
        ("civitai:58390@62833", "- - civitai 58390 62833 - - -"),
        ("urn:air:civitai:1", "- - civitai 1 - - - -"),
        ("urn:air:lora:civitai:1@2", "- lora civitai 1 2 - - -"),
        (
            "urn:air:lora:civitai:123456@789012",
            "- lora civitai 123456 789012 - - -",
        ),
        ("sdxl:civitai:1@2", "sdxl - civitai 1 2 - - -"),
        ("other:civitai:1@2", "other - civitai 1 2 - - -"),
        (
            "urn:air:model:leonardo:345435",
            "- model leonardo 345435 - - - -",
        ),
        (
            "urn:air:model:huggingface:stabilityai/sdxl-vae",
            "- model huggingface stabilityai/sdxl-vae - - - -",
        ),
        // A version alone.
        ("@civitai/128713", "- - civitai - 128713 - - -"),
        ("@civitai/302397", "- - civitai - 302397 - - -"),
        ("@civitai/46846", "- - civitai - 46846 - - -"),
        // Ids and versions that are no numbers.
        (
            "urn:air:dalle:model:openai:dalle@2",
            "dalle model openai dalle 2 - - -",
        ),
        (
            "urn:air:gpt:model:openai:gpt@4",
            "gpt model openai gpt 4 - - -",
        ),
        (
            "hy3d:repository:huggingface:tencent/Hunyuan3D-2.1",
            "hy3d repository huggingface tencent/Hunyuan3D-2.1 - - - -",
        ),
        (
            "urn:air:qwen3:repository:huggingface:Civitai/Qwen-Image-Bench-FP8@main.tar",
            "qwen3 repository huggingface Civitai/Qwen-Image-Bench-FP8 main.tar - - -",
        ),
        (
            "other:other:civitai-r2:civitai-worker-assets@sam_vit_b_01ec64.pth",
            "other other civitai-r2 civitai-worker-assets sam_vit_b_01ec64.pth - - -",
        ),
        (
            "oci:image:ghcr:civitai/worker@v1.2",
            "oci image ghcr civitai/worker v1.2 - - -",
        ),
        (
            "image:dockerhub:a/b@latest",
            "- image dockerhub a/b latest - - -",
        ),
        (
            "oci:image:dockerhub:a/b@sha256:9f86d081",
            "oci image dockerhub a/b sha256:9f86d081 - - -",
        ),
        // What hangs on a version.
        (
            "sdxl:vae:civitai:1@2514310+2402203",
            "sdxl vae civitai 1 2514310 2402203 - -",
        ),
        (
            "boogu:diffusionmodel:civitai:2@3+4.gguf",
            "boogu diffusionmodel civitai 2 3 4 - gguf",
        ),
        (
            "urn:air:sdxl:checkpoint:civitai:827184@2514310.safetensors",
            "sdxl checkpoint civitai 827184 2514310 - - safetensors",
        ),
        ("civitai:1@2:layer", "- - civitai 1 2 - layer -"),
        ("civitai:1@2:layer.ckpt", "- - civitai 1 2 - layer ckpt"),
        (
            "civitai:1@2+3:text_encoder-2.ckpt",
            "- - civitai 1 2 3 text_encoder-2 ckpt",
        ),
        ("civitai:12.ckpt", "- - civitai 12 - - - ckpt"),
        (
            "huggingface:a/b@main+5.bin",
            "- - huggingface a/b main 5 - bin",
        ),
        ("civitai:1@1.0", "- - civitai 1 1.0 - - -"),
        ("civitai:1@2024-01-02", "- - civitai 1 2024-01-02 - - -"),
        ("civitai:1@2+beta", "- - civitai 1 2+beta - - -"),
        // Words of tomorrow.
        (
            "urn:air:sd9_x:hologram:moon-base:a.b/c@z",
            "sd9_x hologram moon-base a.b/c z - - -",
        ),
    ] {
        let air: Air = text.parse().unwrap();
        assert_eq!(parts(&air), expected, "{text}");
        assert_eq!(air.to_string(), text);
    }
}

#[test]
fn what_is_no_air_is_refused_where_it_goes_wrong() {
    use AirPart::{Ecosystem, Id, Kind, Source, Version};
    for (text, offset, part, message) in [
        ("", 0, Some(Source), "no source and id at byte 0"),
        ("urn:air:", 8, Some(Source), "no source and id at byte 8"),
        ("827184@2514310", 0, Some(Source), "no source and id"),
        ("urn:air:@civitai/1", 8, Some(Source), "no source and id"),
        ("@civitai", 1, Some(Source), "no source and id"),
        ("@civitai/", 9, Some(Version), "empty version at byte 9"),
        ("a:b:c:d:e@1", 8, None, "a part too many at byte 8"),
        (
            "urn:air::lora:civitai:1",
            8,
            Some(Ecosystem),
            "empty ecosystem at byte 8",
        ),
        (
            "urn:air:sdxl::civitai:1",
            13,
            Some(Kind),
            "empty type at byte 13",
        ),
        ("sdxl:lora::1", 10, Some(Source), "empty source at byte 10"),
        ("civitai:", 8, Some(Id), "empty id at byte 8"),
        ("civitai:@2", 8, Some(Id), "empty id at byte 8"),
        ("civitai:1@", 10, Some(Version), "empty version at byte 10"),
        (
            "civitai:1@2@3",
            11,
            Some(Version),
            "'@' in the version at byte 11",
        ),
        (
            "sd.xl:lora:civitai:1",
            2,
            Some(Ecosystem),
            "'.' in the ecosystem at byte 2",
        ),
        (" civitai:1", 0, Some(Source), "' ' in the source at byte 0"),
        ("civitai:1 @2", 9, Some(Id), "' ' in the id at byte 9"),
        ("civitai:1+5", 9, Some(Id), "'+' in the id at byte 9"),
        (
            "civitai:modèle",
            11,
            Some(Id),
            "'è' in the id at byte 11; expected letters",
        ),
        ("https://host/a.png", 0, None, "a URL is not an AIR"),
        ("urn:air:https://host/a.png", 0, None, "a URL is not an AIR"),
    ] {
        let error = text.parse::<Air>().unwrap_err();
        assert_eq!(
            (error.offset(), error.part()),
            (offset, part),
            "{text}: {error}"
        );
        assert!(error.to_string().starts_with(message), "{text}: {error}");
        assert_eq!(error.is_url(), text.contains("://"), "{text}");
    }
}

#[test]
fn length_is_bounded() {
    let id = |length: usize| format!("a:{}", "b".repeat(length - 2));
    assert!(id(512).parse::<Air>().is_ok());
    let error = id(513).parse::<Air>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "too long for an AIR; expected at most 512 characters"
    );
    let longest: Air = id(512).parse().unwrap();
    assert_eq!(longest.canonical(), longest, "no room for a prefix");
}

#[test]
fn the_canonical_form_is_one_for_all_spellings() {
    let full = "urn:air:sdxl:lora:civitai:12@34";
    for text in [
        full,
        "air:sdxl:lora:civitai:12@34",
        "SDXL:LoRA:Civitai:12@34",
        "URN:Air:sdxl:lora:civitai:12@34",
    ] {
        let air: Air = text.parse().unwrap();
        assert_eq!(air.canonical().as_str(), full, "{text}");
    }
    for (text, canonical) in [
        ("Lora:civitai:1", "urn:air:lora:civitai:1"),
        (
            "HuggingFace:Org/Name@Main.PTH",
            "urn:air:huggingface:Org/Name@Main.PTH",
        ),
        ("@civitai/128713", "@civitai/128713"),
    ] {
        let air: Air = text.parse().unwrap();
        assert_eq!(air.canonical().as_str(), canonical);
    }
}

#[test]
fn a_part_that_would_be_read_otherwise_is_not_built() {
    let civitai = || Air::builder("civitai", "1");
    for (case, builder, part) in [
        (
            "an unknown type alone",
            civitai().kind("hologram"),
            AirPart::Kind,
        ),
        (
            "a type as the ecosystem",
            civitai().ecosystem("lora"),
            AirPart::Ecosystem,
        ),
        (
            "two words in one",
            civitai().ecosystem("sdxl:lora"),
            AirPart::Ecosystem,
        ),
        (
            "a format in the version",
            civitai().version("2.ckpt"),
            AirPart::Version,
        ),
        (
            "a format on a tag",
            civitai().version("main").format("tar"),
            AirPart::Format,
        ),
        (
            "a layer without a version",
            civitai().layer("unet"),
            AirPart::Layer,
        ),
        (
            "a file without a version",
            civitai().file_id(5),
            AirPart::Id,
        ),
        (
            "an empty type",
            civitai().ecosystem("sdxl").kind(""),
            AirPart::Kind,
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.part(), Some(part), "{case}: {error}");
    }
    assert!(Air::civitai("sd xl", "lora", 1, 2).is_err());
}

#[test]
fn json_holds_the_text() {
    let air: Air = "civitai:120096@135931".parse().unwrap();
    let json = serde_json::to_string(&air).unwrap();
    assert_eq!(json, r#""civitai:120096@135931""#);
    assert_eq!(serde_json::from_str::<Air>(&json).unwrap(), air);
    let error = serde_json::from_str::<Air>(r#""https://host/a.png""#).unwrap_err();
    assert!(error.to_string().contains("a URL is not an AIR"), "{error}");
}

#[test]
fn public_types_keep_their_promises() {
    fn send_sync<T: Send + Sync + 'static>() {}
    send_sync::<Air>();
    send_sync::<ParseAirError>();
    let air: Air = "civitai:1@2".parse().unwrap();
    assert_eq!(format!("{air:?}"), r#"Air("civitai:1@2")"#);
}

proptest! {
    /// Whatever is pasted in, the answer is an error or the same text again.
    #[test]
    fn parsing_never_panics_and_never_alters(text in "\\PC{0,60}") {
        if let Ok(air) = text.parse::<Air>() {
            prop_assert_eq!(air.to_string(), text);
        }
    }

    /// Texts made of the marks that matter parse far more often than random ones.
    #[test]
    fn marks_in_any_order_are_safe(
        pieces in collection::vec("urn:|air:|lora|civitai|sdxl|[0-9]{1,3}|[:@+./]|[a-z%=,_-]|è", 0..12),
    ) {
        let text = pieces.concat();
        match text.parse::<Air>() {
            Ok(air) => {
                prop_assert_eq!(air.as_str(), &text);
                let canonical = air.canonical();
                prop_assert_eq!(parts(&canonical), parts(&air));
                prop_assert_eq!(canonical.canonical(), canonical);
            }
            Err(error) => prop_assert!(error.offset() <= text.len() && text.is_char_boundary(error.offset())),
        }
    }

    #[test]
    fn what_is_built_is_read_back(
        ecosystem in "[a-z][a-z0-9_]{0,9}",
        kind in "[a-z]{1,9}",
        source in "[a-z][a-z0-9-]{0,9}",
        id in "[A-Za-z0-9][A-Za-z0-9_/-]{0,19}",
        version in "[0-9]{1,9}",
        file_id in option::of(any::<u64>()),
        layer in option::of("[a-z][a-z0-9_-]{0,9}"),
        format in option::of("[a-z][a-z0-9]{0,9}"),
    ) {
        let mut builder = Air::builder(&source, &id).ecosystem(&ecosystem).kind(&kind).version(&version);
        if let Some(file_id) = file_id {
            builder = builder.file_id(file_id);
        }
        if let Some(layer) = &layer {
            builder = builder.layer(layer);
        }
        if let Some(format) = &format {
            builder = builder.format(format);
        }
        let air = builder.build().unwrap();
        let file_id = file_id.map(|file_id| file_id.to_string());
        prop_assert_eq!(air.to_string().parse::<Air>().unwrap(), air.clone());
        prop_assert_eq!(air.ecosystem(), Some(ecosystem.as_str()));
        prop_assert_eq!(air.kind(), Some(kind.as_str()));
        prop_assert_eq!(air.source(), source);
        prop_assert_eq!(air.id(), Some(id.as_str()));
        prop_assert_eq!(air.version(), Some(version.as_str()));
        prop_assert_eq!(air.file_id(), file_id.as_deref());
        prop_assert_eq!(air.layer(), layer.as_deref());
        prop_assert_eq!(air.format(), format.as_deref());
    }
}

#[test]
fn what_names_no_model_is_no_air() {
    for text in [
        "urn:air:sd1:checkpoint:civitai",
        "checkpoint:civitai",
        "sdxl:lora:civitai",
    ] {
        let error = text.parse::<Air>().unwrap_err();
        assert_eq!(error.part(), Some(AirPart::Id), "{text}");
        assert!(error.to_string().starts_with("no id"), "{error}");
    }
    assert!("lora:civitai:1".parse::<Air>().is_ok());
}
