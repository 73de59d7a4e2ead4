namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Fills blanks of texts. A masked language model (BERT, RoBERTa) gives the most probable tokens of each blank with their probabilities, each blank by
    /// itself, as the reference's pipeline "fill-mask" does. Other networks write what fills a blank, of any length: an encoder-decoder whose tokenizer has sentinels
    /// (T5) behind the blank's sentinel; one with a mask token (BART) in the whole text, which it writes anew; GLM of 2022 one blank after the other.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder with the head that its network was pretrained with.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="InvalidOperationException">The tokenizer has no token that stands for a blank.</exception>
    /// <exception cref="NotSupportedException">The architecture has no head that fills blanks.</exception>
    public MaskedLanguageModelEstimator ApplyMaskedLanguageModel(Checkpoint checkpoint, ApplyMaskedLanguageModelOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplyMaskedLanguageModelOptions());
}
