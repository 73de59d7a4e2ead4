namespace MLNet.Transformers.Evaluation;

/// <summary>An entity among the words of a sentence.</summary>
/// <param name="Type">Its type: what stands behind the tag's first letter and the hyphen; "_" where nothing does.</param>
/// <param name="Start">Its first word, from 0.</param>
/// <param name="Length">The number of its words.</param>
internal readonly record struct TaggedEntity(string Type, int Start, int Length);
