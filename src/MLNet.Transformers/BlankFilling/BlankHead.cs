using MLNet.Transformers.Models;

namespace MLNet.Transformers.BlankFilling;

/// <summary>The head by which a network fills blanks.</summary>
internal static class BlankHead
{
    /// <summary>The row of the table: that of the checkpoint's class, where it is one that fills blanks.</summary>
    /// <param name="config">The network's config.</param>
    /// <param name="name">What to call the checkpoint in a message.</param>
    /// <exception cref="NotSupportedException">The architecture has none.</exception>
    public static HeadSpec Of(ModelConfig config, string name)
    {
        HeadSpec[] heads = [.. ArchitectureRegistry.Of(config).Heads.Where(head => head.ScoresBlanks() || head.Kind == HeadKind.SequenceToSequence || head.Blank is not null)];
        return heads.FirstOrDefault(head => config.Architectures.Contains(head.ClassName)) ?? heads.FirstOrDefault()
            ?? throw new NotSupportedException(
                $"'{name}' is of the architecture '{config.ModelType}', which has no head that fills blanks: no masked language model, no encoder-decoder, and none that writes into blanks.");
    }

    /// <summary>Whether the head gives a score for each token of the vocabulary, where others write.</summary>
    public static bool ScoresBlanks(this HeadSpec head) => head.Kind is HeadKind.MaskedLanguageModel or HeadKind.Pretraining;
}
