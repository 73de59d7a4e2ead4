namespace MLNet.Transformers.Tokenization.ChatTemplates.Values;

/// <summary>What one rendering of a template has: the work it may do, and the time.</summary>
internal sealed record Rendering(Budget Budget, TimeProvider Clock);
