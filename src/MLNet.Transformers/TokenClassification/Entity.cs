namespace MLNet.Transformers;

/// <summary>Something that a text names.</summary>
/// <param name="Text">What stands there.</param>
/// <param name="Type">What it is: a tag without its prefix ("PER"); with <see cref="EntityAggregation.None"/> the whole tag ("B-PER").</param>
/// <param name="Start">Its first character, in UTF-16 units: of the text, or, where a row is words, of the words joined by one blank each.</param>
/// <param name="Length">Number of characters.</param>
/// <param name="Score">Its probability, 0 to 1: the mean over its tokens or words.</param>
public sealed record Entity(string Text, string Type, int Start, int Length, float Score);
