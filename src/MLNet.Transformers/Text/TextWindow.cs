using MLNet.Transformers.Batching;
using MLNet.Transformers.Tokenization;

namespace MLNet.Transformers.Text;

/// <summary>A window over a long text.</summary>
/// <param name="Tokens">What the network reads: the window's tokens of the text, special tokens, and the other text where there are two.</param>
/// <param name="First">Number of the first token of the text among <paramref name="Tokens"/>; its others follow one after another.</param>
/// <param name="Before">Tokens of the text in front of the window.</param>
/// <param name="Offsets">Where each of the window's tokens of the text stands in it, in UTF-16 units; none where the text has no tokens.</param>
internal readonly record struct TextWindow(TokenSequence Tokens, int First, int Before, TextSpan[] Offsets);
