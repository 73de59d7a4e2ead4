using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.Glm2022;

/// <summary>
/// What the GLM of 2022 is given for texts with a blank: ids, two rows of positions, which tokens see which, and targets. A text (part A) is seen by
/// all; what fills its blank (part B) follows behind a start token, each token seen by those after it. Tokens of part B stay at the position of
/// the blank, and count from 1 in the second row of positions, which is 0 in part A (Du et al. 2022, section 2; THUDM/GLM: tokenization_glm.py,
/// GLMTokenizerMixin).
/// </summary>
internal static class BlankInfilling
{
    /// <summary>Inputs for generating part B: its start token is in the ids, positions and mask reach as far as it may grow.</summary>
    /// <param name="partA">Ids of each text, (batch, tokens), filled up to one length.</param>
    /// <param name="seen">1 for tokens of each text, 0 for filling, (batch, tokens).</param>
    /// <param name="maskIds">Ids that stand for a blank; the first place of one of them counts.</param>
    /// <param name="startId">The token that part B begins with.</param>
    /// <param name="maxNewTokens">Most tokens of part B, the start token counted in place of the last.</param>
    /// <exception cref="ArgumentException">A text has no blank.</exception>
    public static BlankInputs ForGeneration(int[][] partA, int[][] seen, IReadOnlyCollection<int> maskIds, int startId, int maxNewTokens) => new(
        [.. partA.Select(row => (int[])[.. row, startId])],
        [.. partA.Select((row, index) => Positions(row.Length, Blank(row, index, maskIds), [maxNewTokens]))],
        [.. seen.Select(row => Mask(row, [maxNewTokens]))],
        null);

    /// <summary>Inputs and targets for learning to fill blanks: part B is the target shifted by one, behind the start token.</summary>
    /// <param name="partA">Ids of each text, (batch, tokens), filled up to one length.</param>
    /// <param name="seen">1 for tokens of each text, 0 for filling, (batch, tokens).</param>
    /// <param name="targets">What fills the blank of each text, without special tokens.</param>
    /// <param name="maskIds">Ids that stand for a blank; the first place of one of them counts.</param>
    /// <param name="special">The other tokens that are needed.</param>
    /// <param name="maxNewTokens">Most tokens of a target, its end token included; what is longer is cut.</param>
    /// <param name="fillUp">Whether targets are filled up to <paramref name="maxNewTokens"/>, or to the longest.</param>
    /// <exception cref="ArgumentException">A text has no blank.</exception>
    public static BlankInputs ForTargets(
        int[][] partA, int[][] seen, int[][] targets, IReadOnlyCollection<int> maskIds, BlankTokens special, int maxNewTokens, bool fillUp = false)
    {
        int[][] ended = [.. targets.Select(target => (int[])[.. target.Append(special.EndId).Take(maxNewTokens)])];
        return ForWhole(partA, seen, ended, maskIds, special.StartId, special.PadId, fillUp ? maxNewTokens : ended.Max(target => target.Length));
    }

    /// <summary>As <see cref="ForTargets"/>, of targets as they are: with their end token, or without one.</summary>
    /// <param name="partA">Ids of each text, (batch, tokens), filled up to one length.</param>
    /// <param name="seen">1 for tokens of each text, 0 for filling, (batch, tokens).</param>
    /// <param name="targets">All that fills the blank of each text, at least one token.</param>
    /// <param name="maskIds">Ids that stand for a blank; the first place of one of them counts.</param>
    /// <param name="startId">The token that part B begins with.</param>
    /// <param name="padId">Fills targets up, and marks places whose target does not count.</param>
    /// <param name="length">What they are filled up to.</param>
    /// <exception cref="ArgumentException">A text has no blank.</exception>
    public static BlankInputs ForWhole(
        int[][] partA, int[][] seen, int[][] targets, IReadOnlyCollection<int> maskIds, int startId, int padId, int length)
    {
        int[][] filled = [.. targets.Select(target => Fill(target, length, padId))];
        return new BlankInputs(
            [.. partA.Select((row, index) => (int[])[.. row, startId, .. filled[index].SkipLast(1)])],
            [.. partA.Select((row, index) => Positions(row.Length, Blank(row, index, maskIds), [length]))],
            [.. seen.Select(row => Mask(row, [length]))],
            [.. partA.Select((row, index) => (int[])[.. Enumerable.Repeat(padId, row.Length), .. filled[index]])]);
    }

    /// <summary>Inputs for scoring what may fill a blank: each choice is a part B of its own, which sees part A and itself but no other choice.</summary>
    /// <param name="partA">Ids of each text, (batch, tokens), filled up to one length.</param>
    /// <param name="seen">1 for tokens of each text, 0 for filling, (batch, tokens).</param>
    /// <param name="choices">The ids of each choice of each text, without special tokens.</param>
    /// <param name="maskId">The id that stands for the blank.</param>
    /// <param name="startId">The token that a part B begins with.</param>
    /// <exception cref="ArgumentException">A text has no blank, or a choice has no token.</exception>
    public static BlankChoices ForChoices(int[][] partA, int[][] seen, int[][][] choices, int maskId, int startId)
    {
        if (choices.SelectMany(row => row).Any(choice => choice.Length == 0))
        {
            throw new ArgumentException("A choice has no token; expected at least one.");
        }
        int[][] lengths = [.. choices.Select(row => row.Select(choice => choice.Length).ToArray())];
        int width = partA.Select((row, index) => row.Length + lengths[index].Sum()).Max();
        var inputs = new BlankInputs(
            [.. partA.Select((row, index) => Fill([.. row, .. choices[index].SelectMany(choice => choice.SkipLast(1).Prepend(startId))], width, 0))],
            [.. partA.Select((row, index) => Positions(row.Length, Blank(row, index, [maskId]), lengths[index]).Select(line => Fill(line, width, line[^1])).ToArray())],
            [.. seen.Select((row, index) => Square(Mask(row, lengths[index]), width))],
            null);
        return new BlankChoices(inputs, choices, [.. partA.Select((row, index) => Places(row.Length, lengths[index]))]);
    }

    private static int Blank(int[] row, int index, IReadOnlyCollection<int> maskIds)
    {
        int place = Array.FindIndex(row, maskIds.Contains);
        return place >= 0 ? place : throw new ArgumentException($"Text {index} has no blank: none of its ids is {string.Join(" or ", maskIds)}.");
    }

    // (2, tokens)
    private static int[][] Positions(int partA, int blank, int[] parts) =>
    [
        [.. Enumerable.Range(0, partA), .. Enumerable.Repeat(blank, parts.Sum())],
        [.. Enumerable.Repeat(0, partA), .. parts.SelectMany(length => Enumerable.Range(1, length))],
    ];

    // (tokens, tokens): part A is seen by all, a part B by what follows in it.
    private static int[][] Mask(int[] seen, int[] parts)
    {
        int size = seen.Length + parts.Sum();
        var mask = new int[size][];
        for (int row = 0; row < seen.Length; row++)
        {
            mask[row] = Fill(seen, size, 0);
        }
        int start = seen.Length;
        foreach (int length in parts)
        {
            for (int row = start; row < start + length; row++)
            {
                mask[row] = Fill(seen, size, 0);
                mask[row].AsSpan(start, row - start + 1).Fill(1);
            }
            start += length;
        }
        return mask;
    }

    private static int[][] Places(int partA, int[] lengths)
    {
        var places = new int[lengths.Length][];
        for (int choice = 0; choice < lengths.Length; choice++)
        {
            places[choice] = [.. Enumerable.Range(partA + lengths[..choice].Sum(), lengths[choice])];
        }
        return places;
    }

    private static int[][] Square(int[][] mask, int width) =>
        [.. mask.Select(row => Fill(row, width, 0)), .. Enumerable.Range(0, width - mask.Length).Select(_ => new int[width])];

    private static int[] Fill(int[] values, int length, int filling) => [.. values, .. Enumerable.Repeat(filling, length - values.Length)];
}

/// <summary>Tokens around part B.</summary>
/// <param name="StartId">Begins it.</param>
/// <param name="EndId">Ends it.</param>
/// <param name="PadId">Fills it up, and marks places whose target does not count.</param>
internal sealed record BlankTokens(int StartId, int EndId, int PadId);

/// <summary>What the network is given.</summary>
/// <param name="Ids">Token ids, (batch, tokens).</param>
/// <param name="Positions">Position and position within part B, (batch, 2, tokens).</param>
/// <param name="Mask">1 where the token of a row sees that of a column, (batch, tokens, tokens).</param>
/// <param name="Labels">The token to be guessed at each place, the padding token where none is, (batch, tokens); null in generation.</param>
internal sealed record BlankInputs(int[][] Ids, int[][][] Positions, int[][][] Mask, int[][]? Labels)
{
    /// <summary>What the network reads. Where positions and mask reach further than the ids, only what belongs to ids: a generation makes them grow itself.</summary>
    /// <param name="device">Where the tensors are to lie; null: CPU.</param>
    public TokenBatch ToTokens(Device? device = null)
    {
        Tensor ids = Ids.ToTensor(device);
        long length = ids.shape[1];
        return new TokenBatch(
            ids, Mask: Mask.ToTensor(device).narrow(1, 0, length).narrow(2, 0, length), Positions: Positions.ToTensor(device).narrow(2, 0, length));
    }
}

/// <summary>What the network is given to score choices.</summary>
/// <param name="Inputs">Ids, positions and mask.</param>
/// <param name="ChoiceIds">The tokens of each choice, (batch, choices, tokens).</param>
/// <param name="ChoiceIndices">Where each of them is guessed, (batch, choices, tokens).</param>
internal sealed record BlankChoices(BlankInputs Inputs, int[][][] ChoiceIds, int[][][] ChoiceIndices);
