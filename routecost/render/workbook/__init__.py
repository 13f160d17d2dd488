"""Sheets, cells and charts of Excel workbooks; a workbook is an object of XlsxWriter."""
