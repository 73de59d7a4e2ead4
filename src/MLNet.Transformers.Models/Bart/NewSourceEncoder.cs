using MLNet.Transformers.Models.Bert;

namespace MLNet.Transformers.Models.Bart;

/// <summary>How BART comes to read another language: by a fresh encoder with a vocabulary of its own, in place of the token vectors of BART's encoder (Lewis et al. 2020, §3.4).</summary>
internal static class NewSourceEncoder
{
    // As they are called in networks that write.
    private const string Encoder = $"model.{BartArchitecture.SourceEncoder}.";

    /// <summary>The config of BART with such an encoder.</summary>
    /// <param name="bart">The config of BART.</param>
    /// <param name="vocabulary">Rows of the encoder's token embedding.</param>
    /// <param name="paddingId">The id of its padding.</param>
    /// <param name="sizes">Its layers, heads and widths; null: as BART's own encoder.</param>
    /// <exception cref="CheckpointException">A size is out of range, or heads do not divide the width.</exception>
    public static BartConfig Config(BartConfig bart, int vocabulary, int paddingId, BertConfig? sizes)
    {
        BertConfig encoder = sizes ?? new BertConfig
        {
            Layers = bart.EncoderLayers, Heads = bart.EncoderHeads, IntermediateSize = bart.EncoderIntermediateSize, Activation = bart.Activation,
            HiddenDropout = bart.Dropout, AttentionDropout = bart.AttentionDropout, MaxPositions = bart.MaxPositions, SegmentTypes = 1,
            LayerNormEpsilon = 1e-5, InitializerRange = bart.InitializerRange,
        };
        BartConfig config = bart with
        {
            SourceEncoder = encoder with { VocabularySize = vocabulary, HiddenSize = bart.HiddenSize, PaddingId = paddingId },
        };
        config.Check();
        return config;
    }

    /// <summary>Beginnings of the names of what a checkpoint of BART lacks.</summary>
    public static IReadOnlyList<string> FreshParts { get; } = [Encoder];

    /// <summary>
    /// Beginnings of the names of what learns first, while the rest is frozen: the new encoder, BART's position embeddings, and the projections of the input of
    /// self-attention (queries, keys, values) in the first layer of BART's encoder. The paper does not say of which half the positions are; they are those of both.
    /// </summary>
    public static IReadOnlyList<string> LearnsFirst { get; } =
    [
        Encoder, "model.encoder.embed_positions.", "model.decoder.embed_positions.",
        .. ((string[])["q_proj", "k_proj", "v_proj"]).Select(projection => $"model.encoder.layers.0.self_attn.{projection}."),
    ];
}
