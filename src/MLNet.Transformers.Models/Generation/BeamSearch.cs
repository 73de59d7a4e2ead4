using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>
/// Follows several texts of each prompt at once and keeps the best (Sutskever et al. 2014, §3.2; reference: generation/utils.py, _beam_search). A
/// prompt whose texts cannot change any more leaves the batch.
/// </summary>
/// <param name="session">The network, a row a prompt; the caller disposes it.</param>
/// <param name="rules">Rules for log-probabilities.</param>
/// <param name="stopping">When a text ends.</param>
/// <param name="settings">Options.</param>
/// <param name="sampling">Draws continuations; null: the best are taken.</param>
/// <param name="newText">The text of a sequence that is about to begin, where stop strings are looked for; else null.</param>
internal sealed class BeamSearch(
    GenerationSession session, LogitsRules rules, StoppingCriteria stopping, GenerationSettings settings, Sampling? sampling, Func<WrittenText>? newText)
{
    private readonly int _beams = settings.Beams;
    private readonly BeamGroup[] _groups = [.. Enumerable.Range(0, (int)session.Rows).Select(_ => new BeamGroup(
        settings.Beams, settings.LengthPenalty, settings.EarlyStopping, settings.Lengths(session.Length).Longest - session.Length, newText?.Invoke()))];

    private int[] _running = [.. Enumerable.Range(0, (int)session.Rows)];
    private int _rowsOfPrompt = 1;

    /// <summary>The finished texts of each prompt, best first, as many as beams.</summary>
    /// <param name="checkAlive">Called between steps; what it throws ends the search.</param>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Run(Action checkAlive)
    {
        while (_running.Length > 0)
        {
            checkAlive();
            Step();
        }
        return [.. _groups.Select(group => group.Finished)];
    }

    private void Step()
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        Tensor probabilities = rules.Process(session.Tokens, session.Scores().log_softmax(1)); // (rows, vocabulary), logarithms
        long vocabulary = probabilities.shape[1];
        (float[] scores, long[] places) = Best(probabilities);
        int count = scores.Length / _running.Length;
        var rows = new List<long>();
        var tokens = new List<long>();
        var groups = new List<int>();
        for (int i = 0; i < _running.Length; i++)
        {
            BeamGroup group = _groups[_running[i]];
            int[] from = group.Advance([.. Enumerable.Range(i * count, count).Select(k => Continue(group, scores[k], places[k], vocabulary))]);
            if (group.IsDone)
            {
                continue;
            }
            groups.Add(_running[i]);
            // At the first step all beams are the one row of their prompt.
            rows.AddRange(from.Select(beam => (long)(i * _rowsOfPrompt) + (_rowsOfPrompt == 1 ? 0 : beam)));
            tokens.AddRange(group.Running.Select(text => (long)text.Tokens[^1]));
        }
        Move(rows, tokens, groups);
    }

    // The best continuations of each prompt over all its beams, or drawn ones: enough that as many as beams go on whatever ends.
    private (float[] Scores, long[] Places) Best(Tensor probabilities)
    {
        long vocabulary = probabilities.shape[1];
        Tensor before = tensor([.. _running.SelectMany(number => _groups[number].Running.Select(text => text.Score))], [_running.Length, _beams, 1], device: probabilities.device);
        Tensor sums = probabilities.reshape(_running.Length, _rowsOfPrompt, vocabulary).Plus(before).flatten(1); // (prompts, beams × vocabulary)
        int count = (int)Math.Min(Math.Max(2, 1 + settings.EosIds.Count) * _beams, sums.shape[1]);
        (Tensor best, Tensor places) = sampling is null ? sums.topk(count, 1) : Drawn(sums, count);
        return (best.to(CPU).flatten().data<float>().ToArray(), places.to(CPU).flatten().data<long>().ToArray());
    }

    private (Tensor Best, Tensor Places) Drawn(Tensor sums, int count)
    {
        Tensor places = sampling!.Draw(sums, _running, count);
        return (sums.gather(1, places), places);
    }

    private Candidate Continue(BeamGroup group, float score, long place, long vocabulary)
    {
        var beam = (int)(place / vocabulary);
        var id = (int)(place % vocabulary);
        WrittenText? text = group.Running[beam].Text?.Copy();
        text?.Add(id);
        FinishReason? finish = stopping.Check(id, text?.IsStopped ?? false, session.Length + 1);
        return new Candidate(beam, new Hypothesis([.. group.Running[beam].Tokens, id], score, finish, text));
    }

    private void Move(List<long> rows, List<long> tokens, List<int> groups)
    {
        bool samePlaces = _rowsOfPrompt == _beams && groups.Count == _running.Length;
        (_running, _rowsOfPrompt) = ([.. groups], _beams);
        if (rows.Count == 0)
        {
            return;
        }
        Device device = session.Tokens.Ids.device;
        if (!samePlaces || !rows.SequenceEqual(Enumerable.Range(0, rows.Count).Select(row => (long)row)))
        {
            session.Select(tensor(rows.ToArray(), device: device), sameSources: samePlaces);
        }
        session.Append(tensor(tokens.ToArray(), device: device));
    }
}
