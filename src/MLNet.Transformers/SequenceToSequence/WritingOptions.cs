namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What the options of training and those of applying have in common, under the same names.</summary>
internal sealed record WritingOptions(
    string SourceColumnName, string PredictedTextColumnName, SourceForm Form, int? MaxSourceTokens, int? MaxTargetTokens, GenerationOptions Generation)
{
    public void Validate()
    {
        Check.ColumnName(SourceColumnName, nameof(SourceColumnName));
        Check.ColumnName(PredictedTextColumnName, nameof(PredictedTextColumnName));
        Check.AtLeast(MaxSourceTokens, 3, nameof(MaxSourceTokens));
        Check.AtLeast(MaxTargetTokens, 3, nameof(MaxTargetTokens));
        Form.Validate();
        if (Generation.ReturnedSequences > 1)
        {
            throw Check.OutOfRange(Name(nameof(Generation.ReturnedSequences)), Generation.ReturnedSequences, $"is {Generation.ReturnedSequences}, but a row has one text; set it to 1.");
        }
        if (Generation.LogitsProcessors is { Count: > 0 })
        {
            throw new ArgumentException($"{Name(nameof(Generation.LogitsProcessors))} cannot be saved with a transformer; give them to its method GenerateAsync.", nameof(Generation));
        }
    }

    public static string Name(string option) => $"{nameof(Generation)}.{option}";
}
