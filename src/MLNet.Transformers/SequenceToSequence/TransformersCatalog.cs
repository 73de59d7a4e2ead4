using MLNet.Transformers.Models;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers;

public sealed partial class TransformersCatalog
{
    /// <summary>
    /// Trains a network to write a target for a source: summaries, translations, answers. An encoder-decoder (BART, T5, two BERTs) reads the source and
    /// writes the target; a decoder (LLaMA, GLM) goes on behind the source as a prompt, and learns the target's tokens alone.
    /// </summary>
    /// <param name="checkpoint">A checkpoint folder to fine-tune, or a config with fresh weights; of BERT <see cref="Checkpoint.AsEncoderDecoder"/>.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="InvalidOperationException">A chat template is to be used and the checkpoint has none, or the tokenizer lacks a token that the network needs.</exception>
    /// <exception cref="NotSupportedException">The architecture has no decoder with a language-model head.</exception>
    public SequenceToSequenceTrainer SequenceToSequence(Checkpoint checkpoint, SequenceToSequenceOptions? options = null) =>
        new(_context, checkpoint, options ?? new SequenceToSequenceOptions());

    /// <summary>
    /// Trains BART to translate from a language it does not know (Lewis et al. 2020, §3.4): a fresh encoder with a vocabulary of its own stands before BART's, in
    /// place of its token vectors. First that encoder learns, with BART's position embeddings and the projections of the input of self-attention in the first
    /// layer of BART's encoder, while the rest is frozen; then all parameters learn for a few steps. Both are one <c>Fit</c>, and a
    /// <see cref="TrainingOptions.StateFolder"/> continues either.
    /// </summary>
    /// <param name="bart">A checkpoint of BART in the language that is to be written.</param>
    /// <param name="sourceTokenizer">The tokenizer of the language that is to be read.</param>
    /// <param name="options">Columns and settings of training; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="NotSupportedException">The checkpoint is none of BART, or has an encoder for sources already.</exception>
    /// <exception cref="CheckpointException">A size of the new encoder is out of range.</exception>
    public SequenceToSequenceTrainer Translation(Checkpoint bart, TextEncoder sourceTokenizer, TranslationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(bart);
        options ??= new TranslationOptions();
        return new(_context, bart.WithSourceEncoder(sourceTokenizer, options.SourceEncoder), options);
    }

    /// <summary>Writes with a checkpoint as it is; needs no targets and no training.</summary>
    /// <param name="checkpoint">A checkpoint folder or file with the weights of a language model that writes.</param>
    /// <param name="options">Columns and settings; null: all defaults.</param>
    /// <exception cref="ArgumentException">A value of the options is not allowed.</exception>
    /// <exception cref="InvalidOperationException">A chat template is to be used and the checkpoint has none, or the tokenizer lacks a token that the network needs.</exception>
    /// <exception cref="NotSupportedException">The architecture has no decoder with a language-model head.</exception>
    public SequenceToSequenceEstimator ApplySequenceToSequence(Checkpoint checkpoint, ApplySequenceToSequenceOptions? options = null) =>
        new(_context, checkpoint, options ?? new ApplySequenceToSequenceOptions());
}
