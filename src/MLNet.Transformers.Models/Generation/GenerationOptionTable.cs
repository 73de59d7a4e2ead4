using static MLNet.Transformers.Models.Generation.GenerationOptionKinds;

namespace MLNet.Transformers.Models.Generation;

/// <summary>All options, each in one row (reference: generation/configuration_utils.py): merging, reading and checking go by this table.</summary>
internal static class GenerationOptionTable
{
    public static IReadOnlyList<GenerationOption> Rows { get; } =
    [
        Whole(nameof(GenerationOptions.MaxNewTokens), "max_new_tokens", minimum: 1),
        // Files of older releases hold the default, which means: 20 new tokens.
        Whole(nameof(GenerationOptions.MaxLength), "max_length", minimum: 2) with
        {
            Read = (json, key) => json.Has("max_new_tokens") || json.IntOrNull(key) == GenerationSettings.DefaultNewTokens ? null : json.IntOrNull(key),
        },
        Whole(nameof(GenerationOptions.MinNewTokens), "min_new_tokens", minimum: 0),
        Whole(nameof(GenerationOptions.MinLength), "min_length", minimum: 0),
        Whole(nameof(GenerationOptions.Beams), "num_beams", minimum: 1),
        new(nameof(GenerationOptions.EarlyStopping), "early_stopping", ReadEarlyStopping, (value, _) => Unless(
            Enum.IsDefined((EarlyStopping)value), value, $"one of {string.Join(", ", Enum.GetNames<EarlyStopping>())}"), OptionScope.BeamSearch),
        Number(nameof(GenerationOptions.LengthPenalty), "length_penalty", double.IsFinite, "a finite number", OptionScope.BeamSearch),
        new(nameof(GenerationOptions.BeamGroups), "num_beam_groups", (json, key) => json.IntOrNull(key), (value, _) => Unless(
            (int)value == 1, value, $"1, for groups of beams are not supported; where {nameof(GenerationOptions.Beams)} is 1 they do not matter"), OptionScope.BeamSearch),
        Number(nameof(GenerationOptions.DiversityPenalty), "diversity_penalty", value => value == 0, "0, for groups of beams are not supported", OptionScope.BeamSearch),
        Flag(nameof(GenerationOptions.Sample), "do_sample"),
        Number(nameof(GenerationOptions.Temperature), "temperature", value => value >= 0 && double.IsFinite(value), "a finite number of at least 0", OptionScope.Sampling),
        Whole(nameof(GenerationOptions.TopK), "top_k", minimum: 0, OptionScope.Sampling),
        Number(nameof(GenerationOptions.TopP), "top_p", value => value is >= 0 and <= 1, "a number from 0 to 1", OptionScope.Sampling),
        Number(nameof(GenerationOptions.MinP), "min_p", value => value is >= 0 and <= 1, "a number from 0 to 1", OptionScope.Sampling),
        Number(nameof(GenerationOptions.TypicalP), "typical_p", value => value is > 0 and <= 1, "a number above 0, and at most 1", OptionScope.Sampling),
        Number(nameof(GenerationOptions.EpsilonCutoff), "epsilon_cutoff", value => value is >= 0 and < 1, "a number of at least 0, and below 1", OptionScope.Sampling),
        Number(nameof(GenerationOptions.EtaCutoff), "eta_cutoff", value => value is >= 0 and < 1, "a number of at least 0, and below 1", OptionScope.Sampling),
        new(nameof(GenerationOptions.Seed)),
        Number(nameof(GenerationOptions.RepetitionPenalty), "repetition_penalty", IsPositive, Positive),
        Number(nameof(GenerationOptions.EncoderRepetitionPenalty), "encoder_repetition_penalty", IsPositive, Positive),
        Whole(nameof(GenerationOptions.NoRepeatNgramSize), "no_repeat_ngram_size", minimum: 0),
        Whole(nameof(GenerationOptions.EncoderNoRepeatNgramSize), "encoder_no_repeat_ngram_size", minimum: 0),
        new(nameof(GenerationOptions.BadWords), "bad_words_ids", ReadLists, (value, vocabulary) =>
            ((IReadOnlyList<IReadOnlyList<int>>)value).Select(ids => RefuseSequence(ids, vocabulary)).FirstOrDefault(wrong => wrong is not null)),
        new(nameof(GenerationOptions.SequenceBias), "sequence_bias", ReadBiases, (value, vocabulary) =>
            ((IReadOnlyList<(IReadOnlyList<int> Ids, double Bias)>)value).Select(bias => RefuseSequence(bias.Ids, vocabulary)).FirstOrDefault(wrong => wrong is not null)),
        Ids(nameof(GenerationOptions.SuppressedIds), "suppress_tokens"),
        Ids(nameof(GenerationOptions.SuppressedFirstIds), "begin_suppress_tokens"),
        Id(nameof(GenerationOptions.ForcedBosId), "forced_bos_token_id"),
        Ids(nameof(GenerationOptions.ForcedEosIds), "forced_eos_token_id"),
        new(nameof(GenerationOptions.LengthDecay), "exponential_decay_length_penalty", ReadDecay, (value, _) =>
            ((int Start, double Factor))value is var decay && IsPositive(decay.Factor) ? null : (decay.Factor, $"a pair whose factor is {Positive}")),
        Ids(nameof(GenerationOptions.EosIds), "eos_token_id"),
        Id(nameof(GenerationOptions.PadId), "pad_token_id") with { Refuse = null },
        Id(nameof(GenerationOptions.BosId), "bos_token_id"),
        Id(nameof(GenerationOptions.DecoderStartId), "decoder_start_token_id"),
        Whole(nameof(GenerationOptions.ReturnedSequences), "num_return_sequences", minimum: 1),
        new(nameof(GenerationOptions.StopStrings), "stop_strings", ReadTexts, (value, _) =>
            Unless(!((IReadOnlyList<string>)value).Any(string.IsNullOrEmpty), "an empty string", "a list of texts of at least one character")),
        Flag(nameof(GenerationOptions.Renormalize), "renormalize_logits"),
        new(nameof(GenerationOptions.LogitsProcessors)),
        new(nameof(GenerationOptions.PromptSeeds)),
        new(nameof(GenerationOptions.Cached)),
        new(nameof(GenerationOptions.ScoreObserver)),
    ];
}
