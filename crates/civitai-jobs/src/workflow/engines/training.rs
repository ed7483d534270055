//! Engines that train models: where each stands in its union.

use super::unions;

unions! {
    TrainingData {
        Zip(ZipTrainingData),
    }
    TrainingInput {
        AiToolkit(AiToolkitTrainingInput), Comfy(ComfyTrainingInput),
    }
    AiToolkitTrainingInput {
        AceStep15(AceStep15AiToolkitTrainingInput),
        AceStep15Xl(AceStep15XlAiToolkitTrainingInput), Anima(AnimaAiToolkitTrainingInput),
        Boogu(BooguAiToolkitTrainingInput), Chroma(ChromaAiToolkitTrainingInput),
        Ernie(ErnieAiToolkitTrainingInput), Flux1(Flux1AiToolkitTrainingInput),
        Flux2klein(Flux2KleinAiToolkitTrainingInput),
        HidreamO1(HiDreamO1aiToolkitTrainingInput), Krea2(Krea2AiToolkitTrainingInput),
        Ltx2(Ltx2AiToolkitTrainingInput), Ltx23(Ltx23AiToolkitTrainingInput),
        Mageflow(MageFlowAiToolkitTrainingInput),
        Minimaxh3(MiniMaxH3aiToolkitTrainingInput), Qwen(QwenAiToolkitTrainingInput),
        Sd1(Sd1aiToolkitTrainingInput), Sdxl(SdxlAiToolkitTrainingInput),
        Zimagebase(ZImageBaseAiToolkitTrainingInput),
        Zimageturbo(ZImageTurboAiToolkitTrainingInput),
    }
    AceStep15XlAiToolkitTrainingInput {
        Base(AceStep15XlBaseAiToolkitTrainingInput),
        Sft(AceStep15XlSftAiToolkitTrainingInput),
    }
    Flux1AiToolkitTrainingInput {
        Dev(Flux1DevAiToolkitTrainingInput), Schnell(Flux1SchnellAiToolkitTrainingInput),
    }
    Flux2KleinAiToolkitTrainingInput {
        N4b(Flux2Klein4bAiToolkitTrainingInput), N9b(Flux2Klein9bAiToolkitTrainingInput),
    }
    ImageResourceTrainingInput {
        FluxDevFast(FluxDevFastImageResourceTrainingInput),
        Flux2Dev(Flux2DevImageResourceTrainingInput),
        Flux2DevEdit(Flux2DevEditImageResourceTrainingInput),
        Kohya(KohyaImageResourceTrainingInput), Musubi(MusubiImageResourceTrainingInput),
    }
}
