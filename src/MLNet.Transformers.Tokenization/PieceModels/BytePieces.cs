using System.Globalization;

namespace MLNet.Transformers.Tokenization.PieceModels;

/// <summary>The pieces that stand for bytes of characters without a piece, <c>&lt;0x00&gt;</c> to <c>&lt;0xFF&gt;</c>.</summary>
internal static class BytePieces
{
    public static string Name(int value) => string.Create(CultureInfo.InvariantCulture, $"<0x{value:X2}>");

    /// <summary>The id of each byte's piece; negative where there is none.</summary>
    public static int[] Ids(IReadOnlyDictionary<string, int> vocabulary) => [.. Enumerable.Range(0, 256).Select(value => vocabulary.TryGetValue(Name(value), out int id) ? id : -1)];
}
