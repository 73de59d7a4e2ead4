using MLNet.Transformers.Models;

namespace MLNet.Transformers.Generation;

/// <summary>The head by which a network writes.</summary>
internal static class WritingHead
{
    /// <summary>The row of the table: that of the checkpoint's class, where it is one that writes.</summary>
    /// <param name="config">The network's config.</param>
    /// <param name="name">What to call the checkpoint in a message.</param>
    /// <exception cref="NotSupportedException">The architecture has no language model that writes.</exception>
    public static HeadSpec Of(ModelConfig config, string name)
    {
        HeadSpec[] writers = [.. ArchitectureRegistry.Of(config).Heads.Where(head => head.Kind is HeadKind.CausalLanguageModel or HeadKind.SequenceToSequence)];
        return writers.FirstOrDefault(head => config.Architectures.Contains(head.ClassName)) ?? writers.FirstOrDefault()
            ?? throw new NotSupportedException(
                $"'{name}' is of the architecture '{config.ModelType}', which has no language model that writes. A checkpoint of BERT becomes an encoder-decoder by {nameof(Checkpoint)}.{nameof(Checkpoint.AsEncoderDecoder)}().");
    }
}
