//! The shape of an AIR, which names a model or another resource.

/// Returns whether `text` has the shape of an AIR:
/// `urn:air:{ecosystem}:{type}:{source}:{id}@{version}`, where only source and id are required.
pub(crate) fn is_air(text: &str) -> bool {
    let text = text.strip_prefix("urn:").unwrap_or(text);
    let text = text.strip_prefix("air:").unwrap_or(text);
    let (name, version) = match text.split_once('@') {
        Some((name, version)) => (name, Some(version)),
        None => (text, None),
    };
    let Some((path, id)) = name.rsplit_once(':') else {
        return false;
    };
    path.split(':').count() <= 3
        && path.split(':').all(|part| is_word(part, "_-/"))
        && is_word(id, "_-/.")
        && version.is_none_or(|version| is_word(version, "_-/.=,%+:"))
}

fn is_word(text: &str, besides: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || besides.contains(c))
}

#[cfg(test)]
mod tests {
    use super::is_air;

    #[test]
    fn accepts_what_the_service_accepts() {
        for (air, accepted) in [
            ("urn:air:sdxl:checkpoint:civitai:827184@2514310", true),
            (
                "urn:air:sdxl:checkpoint:civitai:827184@2514310+2402203",
                true,
            ),
            ("air:sd1:lora:civitai:58390@62833", true),
            ("civitai:120096@135931", true),
            ("oci:image:ghcr:owner/name@sha256:0a1b", true),
            (
                "urn:air:qwen3:repository:huggingface:Owner/Model@main.tar",
                true,
            ),
            ("@civitai/128713", false),
            ("827184", false),
            ("urn:air:sdxl:checkpoint:civitai:", false),
            ("urn:air:sdxl:checkpoint:civitai:827184@", false),
            ("urn:air:a:b:c:d:e", false),
            ("", false),
        ] {
            assert_eq!(is_air(air), accepted, "{air}");
        }
    }
}
