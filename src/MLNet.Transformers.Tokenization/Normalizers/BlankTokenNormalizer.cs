using System.Globalization;

namespace MLNet.Transformers.Tokenization.Normalizers;

/// <summary>Names of the tokens that ChatGLM-6B writes for line ends, tabs and runs of blanks (THUDM/chatglm-6b: tokenization_chatglm.py, SPTokenizer).</summary>
internal static class BlankTokens
{
    public const string LineEnd = "<n>";
    public const string Tab = "<|tab|>";
    public const int LongestRun = 80;

    private static readonly string[] _runs =
        [.. Enumerable.Range(0, LongestRun + 1).Select(length => string.Create(CultureInfo.InvariantCulture, $"<|blank_{length}|>"))];

    /// <summary>The token of 2 to <see cref="LongestRun"/> blanks.</summary>
    public static string Run(int length) => _runs[length];
}

/// <summary>Writes line ends, tabs and runs of blanks as ChatGLM-6B's tokens.</summary>
internal sealed class BlankTokenNormalizer : INormalizer
{
    public static BlankTokenNormalizer Instance { get; } = new();

    public AlignedText Normalize(AlignedText text)
    {
        ReadOnlySpan<char> characters = text.Characters.Span;
        AlignedTextBuilder? builder = null;
        int kept = 0;
        for (int at = 0; at < characters.Length;)
        {
            int length = characters[at] == ' ' ? Math.Min(BlankTokens.LongestRun, Blanks(characters[at..])) : 1;
            string? token = characters[at] switch
            {
                '\n' => BlankTokens.LineEnd,
                '\t' => BlankTokens.Tab,
                ' ' when length > 1 => BlankTokens.Run(length),
                _ => null,
            };
            if (token is not null)
            {
                builder ??= new AlignedTextBuilder(text);
                builder.Keep(kept, at);
                builder.Append(token, at, length);
                kept = at + length;
            }
            at += length;
        }
        builder?.Keep(kept, characters.Length);
        return builder?.Build() ?? text;
    }

    private static int Blanks(ReadOnlySpan<char> characters)
    {
        int other = characters.IndexOfAnyExcept(' ');
        return other < 0 ? characters.Length : other;
    }
}
