namespace MLNet.Transformers;

/// <summary>A class with the text that stands for it in a cloze.</summary>
/// <param name="Label">The class, as it stands among the key's values.</param>
/// <param name="Text">Its verbalizer: what is written where the class holds. A blank in front counts, for tokenizers that tell the two apart.</param>
public sealed record ClozeChoice(string Label, string Text);
