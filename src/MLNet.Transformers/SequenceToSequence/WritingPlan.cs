using Microsoft.ML.Runtime;
using MLNet.Transformers.Interop;
using MLNet.Transformers.Models;
using MLNet.Transformers.Models.Generation;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What options and checkpoint come to: which token ends a text, how long texts may be, and what is kept with the transformer.</summary>
internal sealed class WritingPlan
{
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="head">The head that the network writes with.</param>
    /// <param name="options">Checked options of prediction.</param>
    /// <param name="writing">Checked options of writing.</param>
    /// <param name="host">Its seed counts where the options give none.</param>
    /// <exception cref="ArgumentException">A value is out of range, or two do not go together.</exception>
    /// <exception cref="InvalidOperationException">Nothing says which token ends a text.</exception>
    public WritingPlan(Checkpoint checkpoint, HeadSpec head, TextOptions options, WritingOptions writing, IHost host)
    {
        GenerationOptions fromCheckpoint = checkpoint.ReadGenerationOptions();
        EndId = TargetEnd.Of(checkpoint.Tokenizer, head, writing.Form, GenerationSettings.Merge(writing.Generation, fromCheckpoint));
        Limits = LengthLimits.Of(checkpoint, head, writing, options.MaxTokens, fromCheckpoint);
        Settings = SequenceToSequenceSettings.Of(checkpoint, head, options, writing, EndId, Limits, host.Settings().Seed);
    }

    /// <summary>The token that ends a target.</summary>
    public int EndId { get; }

    public LengthLimits Limits { get; }

    public SequenceToSequenceSettings Settings { get; }
}
