using MLNet.Transformers.Models;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>Most tokens of sources, targets and written texts, as far as the network goes.</summary>
/// <param name="Source">Of a source with its prompt.</param>
/// <param name="Target">Of a target with its end token.</param>
/// <param name="NewTokens">Of what the network writes.</param>
internal sealed record LengthLimits(int Source, int Target, int NewTokens)
{
    private const int DefaultTarget = 128;
    private const int LeastSource = 3;

    /// <exception cref="ArgumentOutOfRangeException">More is asked for than the network has positions.</exception>
    public static LengthLimits Of(Checkpoint checkpoint, HeadSpec head, WritingOptions asked, int? maxTokens, GenerationOptions fromCheckpoint)
    {
        int? positions = checkpoint.Config.MaxTokens;
        int most = positions ?? int.MaxValue;
        int limit = maxTokens ?? Math.Min(most, Math.Min(checkpoint.Tokenizer.ModelMaxLength ?? int.MaxValue, checkpoint.SourceTokenizer.ModelMaxLength ?? int.MaxValue));
        // A decoder alone reads source and target in one sequence.
        bool share = head.Kind == HeadKind.CausalLanguageModel;
        int target = asked.MaxTargetTokens ?? Math.Min(DefaultTarget, share ? limit / 2 : limit);
        int written = asked.Generation.MaxNewTokens ?? Math.Min(fromCheckpoint.MaxNewTokens ?? target, share ? Math.Max(target, limit / 2) : most);
        int kept = share ? Math.Max(target, written) : 0;
        int room = share ? maxTokens ?? most : most;
        Require(nameof(TextOptions.MaxTokens), maxTokens, most);
        Require(nameof(asked.MaxTargetTokens), asked.MaxTargetTokens, share ? room - LeastSource : room);
        Require(WritingOptions.Name(nameof(GenerationOptions.MaxNewTokens)), asked.Generation.MaxNewTokens, share ? room - LeastSource : int.MaxValue);
        Require(nameof(asked.MaxSourceTokens), asked.MaxSourceTokens, room - kept);
        int source = asked.MaxSourceTokens ?? limit - kept;
        return source >= LeastSource
            ? new LengthLimits(source, target, written)
            : throw Check.OutOfRange(nameof(TextOptions.MaxTokens), limit, $"is {limit}, of which {kept} are kept for the target: {source} are left for the source. Give more, or a shorter target.");

        void Require(string name, int? value, int allowed)
        {
            if (value > allowed)
            {
                string reserved = share ? ", in which source and target stand together" : "";
                string limits = share && maxTokens < most && name != nameof(TextOptions.MaxTokens)
                    ? $"{nameof(TextOptions.MaxTokens)} is {maxTokens}"
                    : $"the network of {checkpoint.Name} has {positions} positions";
                throw Check.OutOfRange(name, value, $"is {value}, but {limits}{reserved}; give at most {allowed}.");
            }
        }
    }
}
