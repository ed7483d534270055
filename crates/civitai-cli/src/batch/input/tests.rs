use serde_json::json;

use super::*;

fn words(lines: Vec<Read>) -> Vec<(usize, Result<Value, String>)> {
    let plain = |read: Read| (read.place, read.words.map(Value::from));
    lines.into_iter().map(plain).collect()
}

#[test]
fn lines_keep_their_numbers_in_the_file() {
    let read = words(jsonl("{\"seed\": 1}\n\n[1]\n{\"seed\": }\n"));
    assert_eq!(read.len(), 3);
    assert_eq!(read[0], (1, Ok(json!({ "seed": 1 }))));
    assert_eq!(read[1].0, 3);
    assert!(read[1].1.as_ref().unwrap_err().contains("no object"));
    assert_eq!(read[2].0, 4);
    assert!(
        read[2].1.as_ref().unwrap_err().ends_with("at column 10"),
        "{read:?}"
    );
}

#[test]
fn a_table_names_its_columns_and_an_empty_field_says_nothing() {
    let file = Path::new("a.csv");
    let read = words(csv(file, "prompt,seed\n\"fog, thick\",7\nrain,\na,b,c\n").unwrap());
    assert_eq!(
        read[0],
        (2, Ok(json!({ "prompt": "fog, thick", "seed": "7" })))
    );
    assert_eq!(read[1], (3, Ok(json!({ "prompt": "rain" }))));
    assert_eq!(read[2].0, 4);
    let why = read[2].1.as_ref().unwrap_err();
    assert_eq!(why, "it has 3 fields, and the first line names 2");
}

#[test]
fn lists_and_plain_prompts() {
    let file = Path::new("a.yaml");
    let read = words(yaml(file, "- prompt: fog\n- rain\n").unwrap());
    assert_eq!(read[0], (1, Ok(json!({ "prompt": "fog" }))));
    assert!(read[1].1.is_err());
    assert!(yaml(file, "prompt: fog").is_err());
    let read = words(prompts("fog\n\n rain \n"));
    assert_eq!(read[1], (3, Ok(json!({ "prompt": "rain" }))));
}

#[test]
fn the_format_follows_from_the_name_or_the_beginning() {
    for (file, text, format) in [
        ("a.JSONL", "", Some(Format::Jsonl)),
        ("a.csv", "", Some(Format::Csv)),
        ("a.yml", "", Some(Format::Yaml)),
        ("-", " {\"a\": 1}", Some(Format::Jsonl)),
        ("-", "- a: 1", Some(Format::Yaml)),
        ("-", "a,b", None),
    ] {
        assert_eq!(told_by(Path::new(file), text), format, "{file}");
    }
}
