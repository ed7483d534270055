use serde_json::json;

use super::carrier::{Texts, write};
use super::{Recipe, VERSION, parameters, without_secrets};

const MODEL: &str = "urn:air:sd1:checkpoint:civitai:4384@128713";
const LORA: &str = "urn:air:sd1:lora:civitai:82098@87153";

fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 2, 2);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[1, 2, 3, 4]).unwrap();
    writer.finish().unwrap();
    bytes
}

/// The segments of a JPEG that matter here: beginning, one of no meaning, a scan, end.
const JPEG: &[u8] = b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\x34\xff\xd9";

fn recipe(prompt: &str) -> Recipe {
    Recipe {
        version: VERSION,
        api: Some("v2".to_owned()),
        step: Some("larger".to_owned()),
        seed: Some(7),
        request: json!({ "steps": [
            { "$type": "textToImage", "name": "first", "input": {
                "model": MODEL, "prompt": prompt, "negativePrompt": "people", "width": 64, "height": 128,
                "steps": 9, "cfgScale": 7.5, "quantity": 2, "scheduler": "EulerA",
                "additionalNetworks": { LORA: { "strength": 0.5 } },
            } },
            { "$type": "imageUpscaler", "name": "larger", "input": { "image": { "$ref": "first" } } },
        ] }),
    }
}

#[test]
fn what_is_written_into_a_picture_is_read_from_it() {
    for prompt in ["fog, (a lighthouse:1.2)", "Nebel über Öl", "霧の灯台\nzwei"] {
        let recipe = recipe(prompt);
        let picture = recipe.write(&png()).unwrap();
        assert_eq!(Recipe::read(&picture).unwrap(), Some(recipe.clone()));
        // The pixels are what they were, for a decoder that others wrote.
        let mut reader = png::Decoder::new(std::io::Cursor::new(&picture))
            .read_info()
            .unwrap();
        let mut pixels = [0; 4];
        reader.next_frame(&mut pixels).unwrap();
        assert_eq!(pixels, [1, 2, 3, 4]);
        // A second writing changes nothing.
        assert_eq!(recipe.write(&picture).unwrap(), picture);
    }
}

#[test]
fn the_picture_is_drawn_again_by_the_step_with_words_and_its_own_seed() {
    let origin = recipe("fog").origin().unwrap();
    assert_eq!(origin.kind, "textToImage");
    assert_eq!(origin.input["seed"], 7);
    assert!(!origin.input.contains_key("quantity"));
}

#[test]
fn other_programs_find_the_text_that_they_know() {
    let picture = recipe("fog").write(&png()).unwrap();
    let info = png::Decoder::new(std::io::Cursor::new(&picture))
        .read_info()
        .unwrap();
    let texts = &info.info().uncompressed_latin1_text;
    let parameters = texts
        .iter()
        .find(|text| text.keyword == "parameters")
        .unwrap();
    assert_eq!(
        parameters.text,
        "fog\nNegative prompt: people\nSteps: 9, CFG scale: 7.5, Seed: 7, Sampler: EulerA, Size: 64x128, \
         Civitai resources: [{\"modelVersionId\":87153,\"type\":\"lora\",\"weight\":0.5},\
         {\"modelVersionId\":128713,\"type\":\"checkpoint\"}]"
    );
}

#[test]
fn a_jpeg_takes_the_words() {
    let picture = recipe("fog, 霧").write(JPEG).unwrap();
    let origin = Recipe::read(&picture).unwrap().unwrap().origin().unwrap();
    assert_eq!(origin.input["prompt"], "fog, 霧");
    assert_eq!(
        (&origin.input["seed"], &origin.input["height"]),
        (&7.into(), &128.into())
    );
}

#[test]
fn the_text_of_other_programs_is_read() {
    let text = "a lighthouse,\nin fog <lora:x:1>\nNegative prompt: people,\nboats\nSteps: 20, Sampler: DPM++ 2M Karras, \
                CFG scale: 7, Seed: 4013, Size: 512x768, Model hash: 4199bcdd14, Version: v1.9.4";
    let texts = Texts {
        recipe: None,
        parameters: Some(text.to_owned()),
    };
    let picture = write(&png(), &texts).unwrap();
    let input = Recipe::read(&picture)
        .unwrap()
        .unwrap()
        .origin()
        .unwrap()
        .input;
    assert_eq!(input["prompt"], "a lighthouse,\nin fog <lora:x:1>");
    assert_eq!(input["negativePrompt"], "people,\nboats");
    assert_eq!(
        (&input["steps"], &input["seed"]),
        (&20.into(), &4013.into())
    );
    assert_eq!(
        (&input["width"], &input["height"]),
        (&512.into(), &768.into())
    );
}

#[test]
fn what_is_no_picture_or_damaged_is_said_and_never_more() {
    assert!(Recipe::read(b"a text").unwrap_err().contains("no PNG"));
    assert_eq!(Recipe::read(&png()).unwrap(), None);
    let whole = recipe("fog").write(&png()).unwrap();
    let jpeg = recipe("fog").write(JPEG).unwrap();
    for picture in [whole, jpeg] {
        for end in 0..picture.len() {
            let _whatever = Recipe::read(&picture[..end]);
            let mut changed = picture.clone();
            changed[end] ^= 0xff;
            let _whatever = Recipe::read(&changed);
        }
    }
    let newer = recipe("fog");
    let newer = Recipe {
        version: VERSION + 1,
        ..newer
    }
    .write(&png())
    .unwrap();
    assert!(Recipe::read(&newer).unwrap_err().contains("newer version"));
}

#[test]
fn nothing_that_opens_something_is_kept() {
    let request = json!({
        "callbacks": [{ "url": "https://me.example/?secret=canary" }],
        "steps": [{ "input": {
            "image": "https://user:canary@blobs.example/a.png?sig=canary#canary",
            "mask": format!("data:image/png;base64,{}", "canary".repeat(99)),
            "prompt": "https everywhere",
        } }],
    });
    let kept = without_secrets(request);
    assert!(!kept.to_string().contains("canary"), "{kept}");
    let input = &kept["steps"][0]["input"];
    assert_eq!(input["image"], "https://blobs.example/a.png");
    assert_eq!(input["mask"], "data:image/png;base64,");
    assert_eq!(input["prompt"], "https everywhere");
}

#[test]
fn a_job_becomes_the_step_that_makes_the_same() {
    let job = json!({ "model": MODEL, "prompt": "fog", "negativePrompt": null, "width": 64, "height": 64,
        "networks": [{ "air": LORA, "strength": 0.5 }], "settings": {}, "controlNets": [], "quantity": 4 });
    let recipe = Recipe {
        api: Some("v1".to_owned()),
        step: None,
        request: job,
        ..recipe("")
    };
    let origin = recipe.origin().unwrap();
    assert_eq!(origin.input["additionalNetworks"][LORA]["strength"], 0.5);
    assert!(!origin.input.contains_key("negativePrompt"));
    assert!(parameters::of(&origin).starts_with("fog\n"));
}
