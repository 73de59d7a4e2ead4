using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>
/// What ChatGLM-6B is given for texts of ids: filled up on the left, with two rows of positions and a mask. All that stands before the start token
/// is seen by every token, what follows only by later ones. From the start token on, positions stay at the blank, and count from 1 in the second
/// row (THUDM/chatglm-6b: tokenization_chatglm.py, _pad).
/// </summary>
/// <remarks>
/// Positions stay at a blank at the end ([gMASK]), too, as those of the published tokenizer do. Where a network is given ids alone it derives its
/// positions by <see cref="ChatGlm1Blank"/>, and behind such a blank they run on. Generation goes on as the prompt's positions did: a chat is to be read
/// with the positions made here.
/// </remarks>
internal static class ChatGlm1Inputs
{
    /// <param name="rows">The ids of each text, (batch, tokens of its own).</param>
    /// <param name="tokens">The tokens that decide.</param>
    /// <param name="length">The length that all are filled up to; null: that of the longest.</param>
    /// <returns>Ids, positions and a mask that is true where a token is NOT seen.</returns>
    /// <exception cref="ArgumentException">A text is longer than <paramref name="length"/>.</exception>
    public static ChatGlm1Batch Pad(int[][] rows, ChatGlm1Tokens tokens, int? length = null)
    {
        int longest = rows.Max(row => row.Length);
        int width = length ?? longest;
        if (longest > width)
        {
            throw new ArgumentException($"A text has {longest} tokens, which is more than the length {width} that all are to be filled up to.", nameof(length));
        }
        return new ChatGlm1Batch(
            [.. rows.Select(row => (int[])[.. Enumerable.Repeat(tokens.PadId, width - row.Length), .. row])],
            [.. rows.Select(row => Positions(row, tokens, width - row.Length))],
            [.. rows.Select(row => Mask(Context(row, tokens), row.Length, width - row.Length))]);
    }

    private static int Context(int[] row, ChatGlm1Tokens tokens)
    {
        int start = Array.IndexOf(row, tokens.StartId);
        return start < 0 ? row.Length : start;
    }

    private static int[][] Positions(int[] row, ChatGlm1Tokens tokens, int padding)
    {
        int context = Context(row, tokens);
        int blank = Array.IndexOf(row, row.Contains(tokens.MaskId) ? tokens.MaskId : tokens.LongMaskId);
        int[] zeros = new int[padding];
        return
        [
            [.. zeros, .. Enumerable.Range(0, row.Length).Select(place => place >= context && blank >= 0 ? blank : place)],
            [.. zeros, .. Enumerable.Range(0, row.Length).Select(place => Math.Max(0, place - context + 1))],
        ];
    }

    private static bool[][] Mask(int context, int tokens, int padding)
    {
        int width = padding + tokens;
        var mask = new bool[width][];
        for (int row = 0; row < width; row++)
        {
            mask[row] = new bool[width];
            for (int column = 0; column < width; column++)
            {
                mask[row][column] = row < padding || column < padding || (column > row && column >= padding + context);
            }
        }
        return mask;
    }
}

/// <summary>The tokens that decide what ChatGLM-6B sees.</summary>
/// <param name="StartId">Begins what is generated (&lt;sop&gt;).</param>
/// <param name="MaskId">A short blank ([MASK]).</param>
/// <param name="LongMaskId">A long blank ([gMASK]), which counts where there is no short one.</param>
/// <param name="PadId">Fills up.</param>
internal sealed record ChatGlm1Tokens(int StartId, int MaskId, int LongMaskId, int PadId);

/// <summary>What ChatGLM-6B is given.</summary>
/// <param name="Ids">Token ids, (batch, tokens).</param>
/// <param name="Positions">Position and position behind the start token, (batch, 2, tokens).</param>
/// <param name="NotSeen">True where the token of a row does not see that of a column, (batch, tokens, tokens).</param>
internal sealed record ChatGlm1Batch(int[][] Ids, int[][][] Positions, bool[][][] NotSeen)
{
    /// <summary>What the network reads; its mask says what is seen.</summary>
    /// <param name="device">Where the tensors are to lie; null: CPU.</param>
    public TokenBatch ToTokens(Device? device = null)
    {
        int[][][] seen = [.. NotSeen.Select(plane => plane.Select(row => Array.ConvertAll(row, hidden => hidden ? 0 : 1)).ToArray())];
        return new TokenBatch(Ids.ToTensor(device), Mask: seen.ToTensor(device), Positions: Positions.ToTensor(device));
    }
}
