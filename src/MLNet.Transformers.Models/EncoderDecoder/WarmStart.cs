using MLNet.Transformers.Models.Bert;
using MLNet.Transformers.Models.Checkpoints;

namespace MLNet.Transformers.Models.EncoderDecoder;

/// <summary>
/// An encoder-decoder whose halves both begin as one BERT (BERT2BERT of Rothe et al. 2020, §3): only the cross-attention is fresh, and the decoder's
/// language-model head where the checkpoint has none.
/// </summary>
internal static class WarmStart
{
    /// <summary>The config of the two halves.</summary>
    /// <param name="bert">The config of the checkpoint that fills both.</param>
    /// <param name="start">The id that the decoder's input begins with: the tokenizer's [CLS].</param>
    /// <param name="end">The id that ends a target: the tokenizer's [SEP].</param>
    /// <exception cref="NotSupportedException">The config is RoBERTa's.</exception>
    public static EncoderDecoderConfig Config(BertConfig bert, int start, int end) => bert.ModelType == BertConfig.Type
        ? new EncoderDecoderConfig { Encoder = bert, Decoder = bert, PaddingId = bert.PaddingId, StartId = start, EndId = end }
        : throw new NotSupportedException($"An encoder-decoder can be begun from a '{BertConfig.Type}' checkpoint; this one is '{bert.ModelType}'.");

    /// <summary>Fills an encoder-decoder from a checkpoint of BERT, whatever head it has.</summary>
    /// <param name="model">The network; its halves are alike.</param>
    /// <param name="bert">The checkpoint's tensors.</param>
    /// <param name="seed">Seed of what is fresh.</param>
    /// <exception cref="CheckpointException">As <see cref="CheckpointLoader.Load"/>.</exception>
    public static LoadReport Load(TaskModel model, ITensorSource bert, int seed) =>
        CheckpointLoader.Load(model, new Bert2BertTensors(bert), FreshParts((EncoderDecoderConfig)model.Config), replace: [], seed);

    /// <summary>Beginnings of the names of what a BERT lacks, or may lack.</summary>
    public static IReadOnlyList<string> FreshParts(EncoderDecoderConfig config) =>
    [
        .. Enumerable.Range(0, config.Decoder.Layers).Select(layer => $"decoder.bert.encoder.layer.{layer}.crossattention."), "decoder.cls.",
    ];
}
