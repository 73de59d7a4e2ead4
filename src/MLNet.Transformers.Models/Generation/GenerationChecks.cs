namespace MLNet.Transformers.Models.Generation;

/// <summary>Ranges of <see cref="GenerationOptions"/>; an error names the property, its value and what is allowed.</summary>
internal static class GenerationChecks
{
    /// <exception cref="ArgumentException">A value is not allowed.</exception>
    public static void Check(GenerationOptions options, int vocabulary)
    {
        AtLeast(options.MaxNewTokens, 1, nameof(options.MaxNewTokens));
        AtLeast(options.MaxLength, 2, nameof(options.MaxLength));
        AtLeast(options.MinNewTokens, 0, nameof(options.MinNewTokens));
        AtLeast(options.MinLength, 0, nameof(options.MinLength));
        AtLeast(options.Beams, 1, nameof(options.Beams));
        AtLeast(options.TopK, 0, nameof(options.TopK));
        AtLeast(options.NoRepeatNgramSize, 0, nameof(options.NoRepeatNgramSize));
        AtLeast(options.EncoderNoRepeatNgramSize, 0, nameof(options.EncoderNoRepeatNgramSize));
        AtLeast(options.ReturnedSequences, 1, nameof(options.ReturnedSequences));
        Above0(options.Temperature, nameof(options.Temperature));
        Above0(options.RepetitionPenalty, nameof(options.RepetitionPenalty));
        Above0(options.EncoderRepetitionPenalty, nameof(options.EncoderRepetitionPenalty));
        Above0(options.LengthDecay?.Factor, nameof(options.LengthDecay));
        Require(options.LengthPenalty is null || double.IsFinite(options.LengthPenalty.Value), options.LengthPenalty, "a finite number", nameof(options.LengthPenalty));
        Share(options.TopP, nameof(options.TopP));
        Share(options.MinP, nameof(options.MinP));
        Share(options.TypicalP, nameof(options.TypicalP));
        Require(options.TypicalP is not 0, options.TypicalP, "above 0", nameof(options.TypicalP));
        Share(options.EpsilonCutoff, nameof(options.EpsilonCutoff));
        Require(options.EpsilonCutoff is not 1, options.EpsilonCutoff, "below 1", nameof(options.EpsilonCutoff));
        Share(options.EtaCutoff, nameof(options.EtaCutoff));
        Require(options.EtaCutoff is not 1, options.EtaCutoff, "below 1", nameof(options.EtaCutoff));
        Require(options.EarlyStopping is null || Enum.IsDefined(options.EarlyStopping.Value), options.EarlyStopping,
            $"one of {string.Join(", ", Enum.GetNames<EarlyStopping>())}", nameof(options.EarlyStopping));
        CheckIds(options, vocabulary);
        CheckReturned(options);
        Require(options.StopStrings?.Any(string.IsNullOrEmpty) is not true, "an empty string", "a list of texts of at least one character", nameof(options.StopStrings));
    }

    private static void CheckIds(GenerationOptions options, int vocabulary)
    {
        Ids(options.EosIds, nameof(options.EosIds));
        Ids(options.ForcedEosIds, nameof(options.ForcedEosIds));
        Ids(options.SuppressedIds, nameof(options.SuppressedIds));
        Ids(options.SuppressedFirstIds, nameof(options.SuppressedFirstIds));
        Ids(One(options.ForcedBosId), nameof(options.ForcedBosId));
        Ids(One(options.DecoderStartId), nameof(options.DecoderStartId));
        Ids(One(options.BosId), nameof(options.BosId));
        Sequences(options.BadWords, nameof(options.BadWords));
        Sequences(options.SequenceBias?.Select(item => item.Ids), nameof(options.SequenceBias));

        static int[] One(int? id) => id is { } given ? [given] : [];

        void Ids(IEnumerable<int>? ids, string name)
        {
            foreach (int id in ids ?? [])
            {
                Require(id >= 0 && id < vocabulary, id, $"an id from 0 to {vocabulary - 1}, the vocabulary's last", name);
            }
        }

        void Sequences(IEnumerable<IReadOnlyList<int>>? sequences, string name)
        {
            foreach (IReadOnlyList<int> sequence in sequences ?? [])
            {
                Require(sequence.Count > 0, "an empty sequence", "sequences of at least one id", name);
                Ids(sequence, name);
            }
        }
    }

    private static void CheckReturned(GenerationOptions options)
    {
        int returned = options.ReturnedSequences ?? 1;
        int beams = options.Beams ?? 1;
        if (beams == 1 && returned > 1 && options.Sample is not true)
        {
            throw new ArgumentException(
                $"{nameof(options.ReturnedSequences)} is {returned}, but without {nameof(options.Sample)} and with one of {nameof(options.Beams)} there is one text for a prompt.");
        }
        if (beams > 1 && returned > beams)
        {
            throw new ArgumentException($"{nameof(options.ReturnedSequences)} is {returned}; {nameof(options.Beams)} is {beams}, and there are no more texts than beams.");
        }
    }

    private static void AtLeast(int? value, int minimum, string name) => Require(value is null || value >= minimum, value, $"at least {minimum}", name);

    private static void Above0(double? value, string name) => Require(value is null || (value > 0 && double.IsFinite(value.Value)), value, "a finite number above 0", name);

    private static void Share(double? value, string name) => Require(value is null or (>= 0 and <= 1), value, "a number from 0 to 1", name);

    private static void Require(bool allowed, object? value, string expected, string name)
    {
        if (!allowed)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {expected}.");
        }
    }
}
