using MLNet.Transformers.Models.Heads;
using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Bert;

/// <summary>The head of BERT's and RoBERTa's masked language models: a transformed vector against the vocabulary, and a bias (BERT §3.1).</summary>
internal static class BertPredictions
{
    /// <summary>BERT's (reference: modeling_bert.py, BertLMPredictionHead).</summary>
    /// <param name="prefix">What stands before the names, dot included.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="placement">Where the parameters lie.</param>
    /// <param name="nextSentenceName">The name of the layer that scores the next sentence, or null.</param>
    public static VocabularyHead OfBert(string prefix, BertConfig config, Placement placement, string? nextSentenceName = null) =>
        Create(prefix, config, placement, ("transform.dense", Activations.Find(config.Activation), "transform.LayerNorm"), nextSentenceName);

    /// <summary>RoBERTa's, with gelu whatever the layers have (reference: modeling_roberta.py, RobertaLMHead).</summary>
    /// <param name="prefix">What stands before the names, dot included.</param>
    /// <param name="config">The network's config.</param>
    /// <param name="placement">Where the parameters lie.</param>
    public static VocabularyHead OfRoberta(string prefix, BertConfig config, Placement placement) =>
        Create(prefix, config, placement, ("dense", nn.functional.gelu, "layer_norm"), nextSentenceName: null);

    /// <summary>Second names of the parameters in the reference's state dict, which has the bias twice; the decoder's is the one that it computes with.</summary>
    /// <param name="config">Says whether the token embedding is shared.</param>
    /// <param name="prefix">What stands before the names of these predictions.</param>
    /// <param name="embedding">The name of the token embedding.</param>
    public static Dictionary<string, string> Aliases(BertConfig config, string prefix, string embedding) => config.TiedEmbeddings
        ? new() { [$"{prefix}decoder.bias"] = $"{prefix}bias", [$"{prefix}decoder.weight"] = embedding }
        : new() { [$"{prefix}bias"] = $"{prefix}decoder.bias" };

    private static VocabularyHead Create(
        string prefix, BertConfig config, Placement placement, (string Dense, Func<Tensor, Tensor> Activation, string Norm) transform, string? nextSentenceName)
    {
        var options = new VocabularyHeadOptions
        {
            Transform = new VocabularyTransform(
                prefix + transform.Dense, new Linear(config.HiddenSize, config.HiddenSize, placement), transform.Activation,
                prefix + transform.Norm, new LayerNorm(config.HiddenSize, config.LayerNormEpsilon, placement)),
            BiasName = prefix + "bias", SequenceScoresName = nextSentenceName,
        };
        return new VocabularyHead(prefix + "decoder", config, config.TiedEmbeddings, placement, options);
    }
}
