namespace MLNet.Transformers.Models;

/// <summary>The tokens of a text with a blank, as a tokenizer names them.</summary>
/// <param name="Masks">Tokens that stand for a blank: of a few words, of a sentence, of much more; the last is put behind a text that has none.</param>
/// <param name="Start">Begins what fills the blank.</param>
/// <param name="End">Ends it.</param>
internal sealed record BlankNames(IReadOnlyList<string> Masks, string Start, string End);
