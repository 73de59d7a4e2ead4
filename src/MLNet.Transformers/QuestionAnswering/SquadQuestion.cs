namespace MLNet.Transformers.QuestionAnswering;

/// <summary>A question of a SQuAD file, as a row of data.</summary>
internal sealed class SquadQuestion
{
    public string Id { get; set; } = "";

    public string Title { get; set; } = "";

    public string Context { get; set; } = "";

    public string Question { get; set; } = "";

    public string[] Answer { get; set; } = [];

    public int[] AnswerStart { get; set; } = [];

    public bool IsImpossible { get; set; }
}
