using MLNet.Transformers.Models;

namespace MLNet.Transformers;

/// <summary>Heads as messages call them.</summary>
internal static class HeadNames
{
    public static string Name(this HeadKind kind) => kind switch
    {
        HeadKind.SequenceClassification => "sequence classification",
        HeadKind.TokenClassification => "token classification",
        HeadKind.QuestionAnswering => "question answering",
        HeadKind.MaskedLanguageModel => "masked language modelling",
        HeadKind.Pretraining => "pretraining",
        HeadKind.CausalLanguageModel => "causal language modelling",
        HeadKind.SequenceToSequence => "sequence to sequence",
        HeadKind.MultipleChoice => "multiple choice",
        _ => "hidden states",
    };

    /// <summary>How to come to a head of a kind, as the end of a sentence.</summary>
    public static string Advice(this HeadKind kind) => kind switch
    {
        HeadKind.SequenceClassification => $"train one with mlContext.Transformers().{nameof(TransformersCatalog.SequenceClassification)}(checkpoint), or give a checkpoint that has one",
        HeadKind.TokenClassification => $"train one with mlContext.Transformers().{nameof(TransformersCatalog.TokenClassification)}(checkpoint), or give a checkpoint that has one",
        HeadKind.QuestionAnswering => $"train one with mlContext.Transformers().{nameof(TransformersCatalog.QuestionAnswering)}(checkpoint), or give a checkpoint that has one",
        HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence =>
            $"train one with mlContext.Transformers().{nameof(TransformersCatalog.SequenceToSequence)}(checkpoint), or give a checkpoint that has one",
        HeadKind.MaskedLanguageModel or HeadKind.Pretraining => $"train one with mlContext.Transformers().{nameof(TransformersCatalog.Pretraining)}(checkpoint, objective), or give a checkpoint that has one",
        _ => "give a checkpoint that has one",
    };
}
