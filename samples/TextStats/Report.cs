using System.Globalization;
using System.Text;
using System.Text.Json;
using TextStats.Counting;

namespace TextStats;

/// <summary>What is printed at the end.</summary>
/// <param name="Totals">The counts.</param>
/// <param name="Workers">How many workers counted.</param>
/// <param name="Elapsed">How long it took, without starting the workers.</param>
internal sealed record Report(FolderTotals Totals, int Workers, TimeSpan Elapsed)
{
    private const int FrequentWords = 10;

    /// <summary>A table for a person.</summary>
    public string ToTable()
    {
        var table = new StringBuilder();
        Row("files", Number(Totals.Files));
        Row("lines", Number(Totals.Lines));
        Row("words", Number(Totals.Words));
        Row("bytes", Number(Totals.Bytes));
        Row("sha256", Totals.Sha256());
        Row("workers", Number(Workers));
        Row("seconds", Elapsed.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture));
        table.Append("most frequent words\n");
        foreach ((string word, long count) in Totals.MostFrequentWords(FrequentWords))
        {
            table.Append(CultureInfo.InvariantCulture, $"  {Number(count),14}  {word}\n");
        }

        return table.ToString();

        void Row(string name, string value) => table.Append(CultureInfo.InvariantCulture, $"{name,-8}{value,16}\n");

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
    }

    /// <summary>One object for a program.</summary>
    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteNumber("files", Totals.Files);
            json.WriteNumber("lines", Totals.Lines);
            json.WriteNumber("words", Totals.Words);
            json.WriteNumber("bytes", Totals.Bytes);
            json.WriteString("sha256", Totals.Sha256());
            json.WriteNumber("workers", Workers);
            json.WriteNumber("seconds", Math.Round(Elapsed.TotalSeconds, 3));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
